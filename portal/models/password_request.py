"""Addresses for which somebody asked for a password link, until the mail is on its way."""

from django.db import models


class PasswordRequest(models.Model):
    """One waiting address, with or without an account; belongs to no organization."""

    address = models.EmailField(max_length=254, unique=True)
    portal = models.CharField(max_length=300)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.address
