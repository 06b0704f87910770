"""Django's own records are written by migrations alone, as the owner."""

from django.db import migrations

TABLES = (
    "django_migrations, django_content_type, auth_permission, auth_group, auth_group_permissions"
)


class Migration(migrations.Migration):

    dependencies = [
        ("portal", "0005_names_of_memberships"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunSQL(
            f"REVOKE INSERT, UPDATE, DELETE ON {TABLES} FROM plumbline_app",
            f"GRANT INSERT, UPDATE, DELETE ON {TABLES} TO plumbline_app",
        ),
    ]
