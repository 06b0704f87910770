from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kpis', '0003_verdict_again'),
    ]

    operations = [
        migrations.AddField(
            model_name='measurement',
            name='evidence',
            field=models.CharField(blank=True, default='', max_length=300),
            preserve_default=False,
        ),
    ]
