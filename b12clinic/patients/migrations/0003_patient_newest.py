from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patients', '0002_asked_allergies_and_dated_consent'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='patient',
            index=models.Index(fields=['clinic', '-id'], name='patient_newest'),
        ),
    ]
