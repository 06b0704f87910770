"""The register of tables that are not owned by an organization, each with its reason.

A table is a tenant table when its model descends from `OrganizationOwned`; every other table must
stand here, or `check_isolation` fails.
"""

PRE_TENANT = {
    "portal_organization": "Read to find the organization that a slug names.",
    "portal_user": "A person signs in before any organization is known.",
    "portal_membership": "Tells which organizations a person may enter; no general manager.",
    "portal_passwordrequest": "Addresses that asked for a password link; of no organization.",
    "portal_job": "Tells a worker which organization a message means; keys and codes only.",
    "portal_cache": "Rate limits of the log-in; no row of an organization is cached.",
    "django_session": "Sessions exist before an organization is chosen.",
    "account_emailaddress": "Addresses of log-ins, of no organization.",
    "account_emailconfirmation": "Addresses of log-ins, of no organization.",
}
GLOBAL = {
    "kpis_catalogueentry": "The KPI catalogue is the same for everybody.",
    "portal_scheduledrun": "Recurring work of the installation; holds no organization.",
    "django_migrations": "Django's own record.",
    "django_content_type": "Django's own record.",
    "auth_permission": "Unused; Django's authentication needs the table.",
    "auth_group": "Unused; Django's authentication needs the table.",
    "auth_group_permissions": "Unused; Django's authentication needs the table.",
}
# Pre-tenant tables that point at an organization, as their purpose demands.
POINT_AT_ORGANIZATION = {"portal_membership", "portal_job"}
# Written by migrations alone, so that the application only reads them.
READ_ONLY = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
}
