from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('monitoring', '0003_labs_in_and_symptoms'),
    ]

    operations = [
        migrations.AddField(
            model_name='labprofile',
            name='encoding',
            field=models.CharField(choices=[('utf-8', 'UTF-8'), ('utf-16', 'UTF-16'), ('latin-1', 'Latin-1 (ISO 8859-1)')], default='utf-8', max_length=12),
        ),
        migrations.AddField(
            model_name='labprofile',
            name='scheme',
            field=models.CharField(blank=True, max_length=16),
        ),
    ]
