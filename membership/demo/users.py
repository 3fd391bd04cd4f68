"""Users of the demonstration: one for each role."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from membership.demo.clerk import keep
from membership.models import Agency, Representative
from nipas_admin.accounts.roles import AGENCY_REPRESENTATIVE, ROLES

REPRESENTED = "Larkfield Police Department"


def create_users(password: str) -> list[tuple[str, str]]:
    """One user for each role, all with this password: pairs of user name and role. The representative is Larkfield's.

    Raises ValidationError when one of the names is taken; ``validate_password`` is for the caller to ask first.
    """
    users = get_user_model().objects
    names = {f"demo-{role.lower().replace(' ', '-')}": role for role in ROLES}
    taken = users.filter(username__in=names).order_by("username").values_list("username", flat=True)
    if taken:
        raise ValidationError(f"There is a user {taken[0]} already. Nothing was written.")
    for name, role in names.items():
        user = users.create_user(name, password=password, is_staff=True, first_name="Demonstration", last_name=role)
        user.groups.add(Group.objects.get(name=role))
        if role == AGENCY_REPRESENTATIVE:
            keep(Representative(user=user, agency=Agency.objects.get(name=REPRESENTED)))
    return list(names.items())
