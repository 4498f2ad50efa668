"""The addresses of reports, the protocol library, the formulary and the audit trail."""

from django.urls import URLPattern, path

from regimens.views.audit_trail import audit_trail
from regimens.views.close_days import close_days
from regimens.views.follow_up import follow_up_csv, reports
from regimens.views.formulary import attach, formulary, restore, retire
from regimens.views.month import month
from regimens.views.protocols import pack_differences, protocols

urlpatterns: list[URLPattern] = [
    path("reports/", reports, name="reports"),
    path("month/", month, name="month"),
    path("protocols/", protocols, name="protocols"),
    path("protocols/differences/", pack_differences, name="differences"),
    path("clinic/audit/", audit_trail, name="audit"),
    path("clinic/closed-days/moves/", close_days, name="close_days"),
    path("clinic/formulary/", formulary, name="formulary"),
    path("clinic/formulary/attach/", attach, name="attach_number"),
    path("clinic/formulary/retire/", retire, name="retire_product"),
    path("clinic/formulary/restore/", restore, name="restore_product"),
    path("reports/follow-up.csv", follow_up_csv, name="follow_up_csv"),
]
