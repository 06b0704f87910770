from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_api_tokens")]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="remind_by_mail",
            field=models.BooleanField(default=True),
        ),
    ]
