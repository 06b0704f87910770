"""Refusals as the document describes them."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class FieldErrorSerializer(serializers.Serializer[Any]):
    """What is wrong with one member."""

    row = serializers.IntegerField(
        required=False, help_text="Counted from 1; in CSV the line of the file."
    )
    field = serializers.CharField(
        help_text="The member or column at fault, empty for the whole.", allow_blank=True
    )
    message = serializers.CharField(help_text="What is wrong and what to do.")

    class Meta:
        ref_name = "FieldError"


class ProblemSerializer(serializers.Serializer[Any]):
    """Why a request was refused. Other members say more about the case."""

    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence that says what to do.")
    scope = serializers.CharField(required=False, help_text="The scope that the token lacks.")
    field = serializers.CharField(
        required=False, allow_blank=True, help_text="The member or parameter at fault."
    )
    errors = FieldErrorSerializer(many=True, required=False)  # type: ignore[assignment]


def refusals(method: str) -> dict[int, str]:
    """What any address may answer beside its own answers, in words."""
    always = {
        400: _("The query or the body cannot be read."),
        401: _("No token that holds."),
        403: _("The token lacks the scope, or the role the permission."),
        404: _("Nothing of that name here."),
        429: _("Too many requests in this minute."),
        503: _("The database is too busy; nothing was written."),
    }
    if method == "GET":
        return always
    return always | {
        409: _("It contradicts what is on record."),
        413: _("The body is too large."),
        415: _("The body is of no kind named above."),
        422: _("The body cannot be used; nothing was written."),
    }
