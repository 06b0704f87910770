from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kpis', '0004_measurement_evidence'),
    ]

    operations = [
        migrations.AddField(
            model_name='importrun',
            name='cells',
            field=models.BinaryField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='importrun',
            name='faults',
            field=models.BinaryField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='importrun',
            name='report',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='importrun',
            name='wish',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='state',
            field=models.CharField(
                choices=[
                    ('reading', 'Being read'),
                    ('refused', 'Could not be read'),
                    ('uploaded', 'Waiting for your confirmation'),
                    ('writing', 'Being written'),
                    ('written', 'Figures written'),
                    ('undoing', 'Being undone'),
                    ('undone', 'Undone'),
                ],
                default='uploaded',
                max_length=10,
            ),
        ),
    ]
