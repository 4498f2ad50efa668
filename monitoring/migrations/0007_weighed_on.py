from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('monitoring', '0006_inbox_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='labfile',
            name='weighed_on',
            field=models.DateField(null=True),
        ),
    ]
