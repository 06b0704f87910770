from django.db import migrations, models

# Rows are never changed: the database works the shape out while it adds the column.
# A sum of squares of zero beside a sum that is not stands for "not known" in old rows.
ADD = """
ALTER TABLE kpis_measurement ADD COLUMN shape smallint NOT NULL GENERATED ALWAYS AS (CASE
    WHEN squares = 0 AND num <> 0 THEN 0
    WHEN more = '{"kind": "count"}'::jsonb THEN 1
    WHEN more = '{"kind": "ratio"}'::jsonb THEN 2
    WHEN more = '{"kind": "ratio", "alone": true}'::jsonb THEN 3
    WHEN more = '{"kind": "quotient"}'::jsonb THEN 4
    WHEN more = '{"kind": "rate"}'::jsonb THEN 5
    WHEN more = '{"kind": "mean"}'::jsonb THEN 6
    WHEN more = '{"kind": "duration", "sum_ln": 0, "sumsq_ln": 0, "buckets": {}}'::jsonb THEN 7
    WHEN more = '{"kind": "uptime"}'::jsonb THEN 8
    ELSE 0 END) STORED;
ALTER TABLE kpis_measurement ALTER COLUMN shape DROP EXPRESSION;
ALTER TABLE kpis_measurement ALTER COLUMN shape SET DEFAULT 0;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kpis', '0006_measurement_keys'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(ADD, 'ALTER TABLE kpis_measurement DROP COLUMN shape'),
            ],
            state_operations=[
                migrations.AddField(
                    model_name='measurement',
                    name='shape',
                    field=models.SmallIntegerField(db_default=0),
                ),
            ],
        ),
    ]
