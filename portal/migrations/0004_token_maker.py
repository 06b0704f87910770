import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Isolation is lifted for the owner while it fills the column: bound to no organization it sees
# no rows. A token whose maker is not found among the members stays without one and is refused.
MAKERS = """
ALTER TABLE portal_apitoken NO FORCE ROW LEVEL SECURITY;
UPDATE portal_apitoken token SET maker_id = member.user_id
FROM portal_membership member JOIN portal_user person ON person.id = member.user_id
WHERE member.organization_id = token.organization_id AND person.email = token.created_by;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE portal_apitoken FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0003_organization_reminders"),
    ]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="maker",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(MAKERS, migrations.RunSQL.noop),
    ]
