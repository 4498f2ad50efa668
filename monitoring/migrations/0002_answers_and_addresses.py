import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def give_each_its_own(apps, schema_editor):
    """A default that is worked out once would give every alert already there the same address."""
    alerts = apps.get_model("monitoring", "Alert").objects.using(schema_editor.connection.alias)
    for pk in alerts.values_list("pk", flat=True).iterator():
        alerts.filter(pk=pk).update(public_id=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="public_id",
            field=models.UUIDField(null=True, editable=False),
        ),
        migrations.RunPython(give_each_its_own, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="alert",
            name="public_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name="recheck",
            name="answers_from",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="recheckanswer",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="recheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("answers_from__isnull", True), ("answers_from__lte", models.F("due_on")), _connector="OR"),
                name="recheck_answers_by_due_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="recheckanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("note", ""), ("answered_by__isnull", False), _connector="OR"),
                name="recheck_note_is_signed",
            ),
        ),
    ]
