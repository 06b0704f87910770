from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kpis', '0007_measurement_shape'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='measurement',
            name='measurement_revised',
        ),
        migrations.AddIndex(
            model_name='measurement',
            index=models.Index(condition=models.Q(('revision__gt', 1)), fields=['organization', 'kpi_id', 'unit_key', 'grain', 'day', 'revision'], name='measurement_revised'),
        ),
    ]
