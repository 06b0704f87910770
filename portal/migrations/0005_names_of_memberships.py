from django.db import migrations, models

NAMES = """
UPDATE portal_membership member SET name = person.name
FROM portal_user person WHERE person.id = member.user_id
"""
BACK = """
UPDATE portal_user person SET name = member.name
FROM portal_membership member WHERE person.id = member.user_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0004_token_maker"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="name",
            field=models.CharField(blank=True, default="", max_length=160),
            preserve_default=False,
        ),
        migrations.RunSQL(NAMES, BACK),
        migrations.RemoveField(model_name="user", name="name"),
        migrations.AlterModelOptions(name="membership", options={"verbose_name": "user"}),
    ]
