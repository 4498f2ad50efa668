import uuid
from typing import Any

from django.db import migrations, models


def give_each_its_own(apps: Any, schema_editor: Any) -> None:
    """An id for the messages that are there already."""
    Message = apps.get_model("messages_ledger", "Message")
    for pk in Message.objects.values_list("pk", flat=True).iterator():
        Message.objects.filter(pk=pk).update(public_id=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [("messages_ledger", "0001_initial")]

    operations = [
        migrations.AddField(
            "message", "public_id", models.UUIDField(default=None, null=True, editable=False)
        ),
        migrations.RunPython(give_each_its_own, migrations.RunPython.noop),
        migrations.AlterField(
            "message", "public_id", models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
        ),
    ]
