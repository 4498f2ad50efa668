from django.urls import URLPattern, path

from b12clinic.accounts.gallery import ComponentGallery
from b12clinic.accounts.views.closed_days import closed_days, holidays, reopen
from b12clinic.accounts.views.people import add_person, people, person, remove, send_again
from b12clinic.accounts.views.set_up import set_up
from b12clinic.accounts.views.switch import switch

app_name = "clinic"
urlpatterns: list[URLPattern] = [
    path("", set_up, name="set_up"),
    path("switch/", switch, name="switch"),
    path("closed-days/", closed_days, name="closed_days"),
    path("closed-days/holidays/", holidays, name="holidays"),
    path("closed-days/reopen/", reopen, name="reopen"),
    path("people/", people, name="people"),
    path("people/add/", add_person, name="add_person"),
    path("people/<uuid:public_id>/", person, name="person"),
    path("people/<uuid:public_id>/remove/", remove, name="remove_person"),
    path("people/<uuid:public_id>/invite-again/", send_again, name="invite_again"),
    path("components/", ComponentGallery.as_view(), name="components"),
]
