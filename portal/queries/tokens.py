"""API tokens of the bound organization, read with what becomes of them when their maker goes."""

from typing import Any

from django.db.models import OuterRef, Subquery

from portal.domain.roles import Permission, may
from portal.models import ApiToken, Membership


def newest_first() -> list[tuple[ApiToken, bool]]:
    """Every token, and whether its maker is a member who may issue tokens; one statement."""
    role = Membership.objects.filter(
        user_id=OuterRef("maker_id"), is_active=True, user__is_active=True
    ).values("role")
    rows: Any = ApiToken.objects.annotate(maker_role=Subquery(role))
    return [
        (token, bool(token.maker_role) and may(token.maker_role, Permission.CHANGE_TOKENS))
        for token in rows.order_by("-created_at", "prefix")
    ]


def valid_of(maker: Membership) -> list[ApiToken]:
    """The tokens that the member issued and nobody revoked, by name."""
    return list(ApiToken.objects.filter(maker_id=maker.user_id, revoked_at=None).order_by("name"))
