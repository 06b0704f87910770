import portal.tenancy.constraints
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kpis', '0005_imports_in_work'),
        ('portal', '0002_api_tokens'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='dirtycell',
            name='dirtycell_isolation',
        ),
        migrations.RemoveConstraint(
            model_name='measurement',
            name='measurement_isolation',
        ),
        migrations.RemoveConstraint(
            model_name='rollup',
            name='rollup_isolation',
        ),
        migrations.AddIndex(
            model_name='measurement',
            index=models.Index(condition=models.Q(('revision__gt', 1)), fields=['organization', 'kpi_id'], name='measurement_revised'),
        ),
        migrations.AddConstraint(
            model_name='dirtycell',
            constraint=portal.tenancy.constraints.TenantIsolation(name='dirtycell_isolation', refers=False),
        ),
        migrations.AddConstraint(
            model_name='measurement',
            constraint=portal.tenancy.constraints.TenantIsolation(name='measurement_isolation', refers=False),
        ),
        migrations.AddConstraint(
            model_name='rollup',
            constraint=portal.tenancy.constraints.TenantIsolation(name='rollup_isolation', refers=False),
        ),
    ]
