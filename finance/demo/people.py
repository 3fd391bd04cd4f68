"""Who keeps the books of the demonstration: accounts that nobody can sign in with."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from nipas_admin.accounts.models import User
from nipas_admin.accounts.roles import SYSTEM_MANAGER, TEAM_COORDINATOR, TREASURER


@dataclass(frozen=True)
class People:
    """The treasurer, the system manager and a team coordinator."""

    treasurer: User
    manager: User
    coordinator: User

    def asks(self, fund: str) -> User:
        """Who asks for disbursements of the fund: the manager for the general one, the coordinator for a team's."""
        return self.manager if fund == "General fund" else self.coordinator

    def reviews(self, fund: str) -> tuple[User, str]:
        """Who reviews them, and as what: the other of the two."""
        if fund == "General fund":
            return self.coordinator, TEAM_COORDINATOR
        return self.manager, SYSTEM_MANAGER


def people() -> People:
    """The three, made now."""
    return People(
        _account("books-treasurer", "Oxbow", "Treasurer", TREASURER),
        _account("books-manager", "Prairie", "Manager", SYSTEM_MANAGER),
        _account("books-coordinator", "Team", "Coordinator", TEAM_COORDINATOR),
    )


def _account(name: str, first: str, last: str, role: str) -> User:
    user = get_user_model().objects.create_user(
        name, password=None, is_active=False, is_staff=False, first_name=first, last_name=last
    )
    user.groups.add(Group.objects.get(name=role))
    return user
