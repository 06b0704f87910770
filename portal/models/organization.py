"""An organization: the tenant to which all other rows belong."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy


def check_time_zone(name: str) -> None:
    """Raises ValidationError unless the name is a known IANA time zone."""
    if name not in available_timezones():
        raise ValidationError(_("Choose a time zone such as Europe/Berlin."))


class Organization(models.Model):
    """Name, calendar and money of one tenant."""

    class Profile(models.TextChoices):
        STANDARD = "standard", "Standard"
        SMALL = "small", "Small organization (up to 10 people)"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=160)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[check_time_zone])
    currency = models.CharField(
        max_length=3,
        default="EUR",
        validators=[RegexValidator(r"^[A-Z]{3}$", lazy("Three letters."))],
    )
    locale = models.CharField(max_length=16, default="en-gb")
    fiscal_year_start = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    profile = models.CharField(max_length=16, choices=Profile, default=Profile.STANDARD)
    remind_by_mail = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
