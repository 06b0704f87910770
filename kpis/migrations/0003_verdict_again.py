from django.db import migrations, models


class Migration(migrations.Migration):
    """The same evidence may come back after another verdict: it is judged once more then."""

    dependencies = [("kpis", "0002_managers_job")]

    operations = [
        migrations.RemoveConstraint(model_name="verdict", name="verdict_once"),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.UniqueConstraint(
                fields=["organization", "deployment", "digest", "policy", "made_at"],
                name="verdict_once",
            ),
        ),
    ]
