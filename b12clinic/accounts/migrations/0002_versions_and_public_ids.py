import uuid

from django.db import migrations, models


def give_each_person_an_id(apps, schema_editor):
    """A default in the column would hand everybody the same one."""
    User = apps.get_model("accounts", "User")
    for user in User.objects.filter(public_id=None).iterator():
        User.objects.filter(pk=user.pk).update(public_id=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField("clinic", "version", models.PositiveIntegerField(default=1, editable=False)),
        migrations.AddConstraint(
            "clinic",
            models.CheckConstraint(condition=models.Q(("version__gte", 1)), name="clinic_version_positive"),
        ),
        migrations.AddConstraint(
            "closedday",
            models.CheckConstraint(condition=models.Q(("why", ""), _negated=True), name="closed_day_says_why"),
        ),
        migrations.AddIndex(
            "auditevent", models.Index(fields=["clinic", "-at", "-id"], name="audit_by_moment")
        ),
        migrations.AddField("user", "public_id", models.UUIDField(editable=False, null=True)),
        migrations.RunPython(give_each_person_an_id, migrations.RunPython.noop),
    ]
