"""People who sign in."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.utils.functional import cached_property

from nipas_admin.accounts.roles import AGENCY_REPRESENTATIVE, OFFICE_ROLES


class User(AbstractUser):
    """A person who signs in. What that person may do follows from the roles (groups), never from ad-hoc flags."""

    class Meta(AbstractUser.Meta):
        pass

    @cached_property
    def roles(self) -> frozenset[str]:
        """The names of the roles held."""
        return frozenset(self.groups.values_list("name", flat=True)) if self.pk else frozenset()

    @property
    def is_limited_to_agencies(self) -> bool:
        """True for those who see the rows of their own agencies only.

        The narrower role wins where two are held, and who holds no role of the office is limited too.
        """
        if self.is_superuser:
            return False
        return AGENCY_REPRESENTATIVE in self.roles or not self.roles & OFFICE_ROLES
