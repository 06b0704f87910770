"""A person who signs in; one account, any number of organizations."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager["User"]):
    """Makes accounts; an address is kept in lower case so that its twins cannot exist."""

    def create_user(self, email: str, password: str | None = None) -> "User":
        user = self.model(email=email.strip().lower())
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """Identity only: name and rights stand in the memberships, for each organization its own."""

    email = models.EmailField(max_length=254, unique=True)
    is_active = models.BooleanField(default=True)
    # Empty: as the organization says, or else the browser.
    language = models.CharField(max_length=16, blank=True, default="")

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.email

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Nobody has Django's own permissions; `portal.domain.roles` decides."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False
