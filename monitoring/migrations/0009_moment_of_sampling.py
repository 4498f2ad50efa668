from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('monitoring', '0008_lab_profile_version'),
    ]

    operations = [
        migrations.AddField(
            model_name='readrow',
            name='taken_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='result',
            name='taken_at',
            field=models.DateTimeField(null=True),
        ),
    ]
