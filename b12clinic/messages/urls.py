from django.urls import path

from b12clinic.messages.views import set_up as reminders
from b12clinic.messages.views.letters import letter_batch, letters
from b12clinic.messages.views.outbox import outbox
from b12clinic.messages.views.patient import patient
from b12clinic.messages.views.pause import pause
from b12clinic.messages.views.receipts import receipts
from b12clinic.messages.views.retry import retry
from b12clinic.messages.views.rung import rung
from b12clinic.messages.views.settle import settle
from b12clinic.messages.views.wording import edit_wording, reset, wordings

app_name = "messages"
urlpatterns = [
    path("", outbox, name="outbox"),
    path("letters/", letters, name="letters"),
    path("letters/<uuid:batch_id>/", letter_batch, name="letter_batch"),
    path("receipts/", receipts, name="receipts"),
    path("<uuid:public_id>/retry/", retry, name="retry"),
    path("<uuid:public_id>/settle/", settle, name="settle"),
    path("patient/<uuid:patient_id>/", patient, name="patient"),
    path("pause/", pause, name="pause"),
    path("set-up/", reminders.set_up, name="set_up"),
    path("set-up/rung/", rung, name="rung"),
    path("set-up/reset/", reminders.reset, name="reset_ladder"),
    path("wording/", wordings, name="wordings"),
    path("wording/edit/", edit_wording, name="edit_wording"),
    path("wording/reset/", reset, name="reset_wording"),
]
