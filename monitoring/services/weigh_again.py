"""Weigh the rows of a file that waits to be imported once more, for a page that shows what becomes of them."""

from datetime import date

from django.db import transaction

from monitoring.lab_layout import layout_of, mark_of
from monitoring.models import LabFile, LabFileState
from monitoring.services.read_lab_file import read_anew


@transaction.atomic
def weigh_again(*, file: LabFile, today: date, changed: bool = False) -> LabFile:
    """The file with the fates of its rows as of this day and its laboratory's layout of now.

    Fates of today are let stand, unless it is known that some have changed. An import weighs for itself.
    """
    if not (changed or _is_stale(file, today)):
        return file
    held = LabFile.objects.select_for_update(of=("self",)).select_related("clinic", "profile", "received_by")
    file = held.get(pk=file.pk)
    if file.state == LabFileState.READ and (changed or _is_stale(file, today)):
        read_anew(file=file, today=today)
    return file


def _is_stale(file: LabFile, today: date) -> bool:
    if file.state != LabFileState.READ:
        return False
    return file.weighed_on != today or file.read_as != mark_of(layout_of(file.profile, file.clinic))
