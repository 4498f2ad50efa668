import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_versions_and_public_ids")]

    operations = [
        migrations.AlterField(
            "user", "public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
    ]
