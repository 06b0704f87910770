"""Addresses of the portal; rooms to the right are mentioned by dotted string only."""

from allauth.account import views as account
from django.urls import include, path, re_path

from portal.api.audit import AuditEventsView
from portal.api.openapi import OpenApiView
from portal.api.organization import OrganizationView
from portal.views import (
    audit,
    home,
    invitations,
    languages,
    members,
    organizations,
    passwords,
    tokens,
    units,
)

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler500 = "portal.views.errors.server_error"

sign_in = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", passwords.reset, name="account_reset_password"),
    path("password/reset/sent/", passwords.sent, name="account_reset_password_done"),
    # The key itself holds hyphens, so the person's part must not be read greedily.
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        passwords.from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("sign-up/", account.signup, name="account_signup"),
]

api = [
    path("openapi.json", OpenApiView.as_view(), name="api_openapi"),
    path("organization/", OrganizationView.as_view(), name="api_organization"),
    path("audit-events/", AuditEventsView.as_view(), name="api_audit_events"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("language/", languages.choose, name="language"),
    path("account/", include(sign_in)),
    path(
        "invitation/<slug:organization>/<str:secret>/",
        invitations.open_invitation,
        name="invitation",
    ),
    path("o/<slug:organization>/", home.organization, name="organization"),
    path("o/<slug:organization>/people/", members.list_members, name="members"),
    path("o/<slug:organization>/people/invite/", invitations.invite, name="invite"),
    path(
        "o/<slug:organization>/people/invitations/<str:address>/",
        invitations.change,
        name="invitation_change",
    ),
    path("o/<slug:organization>/people/<str:email>/", members.change, name="member_change"),
    path("o/<slug:organization>/tokens/", tokens.list_tokens, name="tokens"),
    path("o/<slug:organization>/tokens/issue/", tokens.issue, name="token_issue"),
    path("o/<slug:organization>/tokens/<slug:token>/revoke/", tokens.revoke, name="token_revoke"),
    path("o/<slug:organization>/teams/", units.list_units, name="units"),
    path("o/<slug:organization>/teams/add/", units.add, name="unit_add"),
    path("o/<slug:organization>/teams/<slug:unit>/", units.change, name="unit_change"),
    path("o/<slug:organization>/audit/", audit.list_events, name="audit"),
    path("o/<slug:organization>/settings/", organizations.settings, name="organization_settings"),
    path("o/<slug:organization>/api/v1/", include(api)),
    path("o/<slug:organization>/", include("deployments.urls")),
    path("o/<slug:organization>/", include("kpis.urls")),
    path("o/<slug:organization>/", include("reviews.urls")),
]
