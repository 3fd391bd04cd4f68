"""People who sign in."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person who signs in. What that person may do follows from the roles (groups), never from ad-hoc flags."""

    class Meta(AbstractUser.Meta):
        pass
