import django.core.serializers.json
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('monitoring', '0004_lab_profile_encoding'),
    ]

    operations = [
        migrations.AddField(
            model_name='labfile',
            name='read_as',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.CreateModel(
            name='ReadRow',
            fields=[
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('fate', models.CharField(max_length=24)),
                ('sentence', models.TextField(blank=True)),
                ('words', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('person', models.PositiveIntegerField(null=True)),
                ('key', models.CharField(blank=True, max_length=120)),
                ('taken_on', models.DateField(null=True)),
                ('analyte', models.CharField(blank=True, max_length=32)),
                ('reported_value', models.CharField(blank=True, max_length=40)),
                ('comparator', models.CharField(blank=True, max_length=2)),
                ('unit', models.CharField(blank=True, max_length=24)),
                ('amount', models.DecimalField(decimal_places=6, max_digits=16, null=True)),
                ('coded', models.CharField(blank=True, max_length=16)),
                ('canonical', models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                ('reference_low', models.DecimalField(decimal_places=6, max_digits=16, null=True)),
                ('reference_high', models.DecimalField(decimal_places=6, max_digits=16, null=True)),
                ('abnormal', models.BooleanField(null=True)),
                ('file', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='monitoring.labfile')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('file', 'number'), name='read_row_once_per_file'), models.CheckConstraint(condition=models.Q(models.Q(('abnormal__isnull', True), ('person__isnull', True), ('taken_on__isnull', True)), models.Q(('abnormal__isnull', False), ('person__isnull', False), ('taken_on__isnull', False)), _connector='OR'), name='read_row_measured_iff_of_a_person')],
            },
        ),
    ]
