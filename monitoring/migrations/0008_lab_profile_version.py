from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('monitoring', '0007_weighed_on'),
    ]

    operations = [
        migrations.AddField(
            model_name='labprofile',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
    ]
