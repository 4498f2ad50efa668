from django.db import migrations
from django.db.models import OuterRef, Exists


def mark(apps, schema_editor):
    """Doses of a neurological loading stand on top of the list once they are overdue."""
    Dose, Phase = apps.get_model("regimens", "Dose"), apps.get_model("regimens", "Phase")
    neurological = Phase.objects.filter(pk=OuterRef("phase"), kind="loading", regimen__neurological=True)
    Dose.objects.filter(Exists(neurological)).update(urgent=True)


class Migration(migrations.Migration):
    dependencies = [("regimens", "0004_a_day_at_the_clinic")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
