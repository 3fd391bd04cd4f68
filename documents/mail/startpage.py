"""What the start page says of the outbox: mail that needs a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count
from django.urls import reverse

from documents.mail.forms import CHANGE
from documents.models import OutgoingMail
from nipas_admin.shared import scope
from nipas_admin.shared.startpage import Need, Provider

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

State = OutgoingMail.State
WHY = {
    State.NOT_KNOWN: ("may or may not have gone out", "Sending broke off; nothing is sent twice by itself.", "Decide"),
    State.FAILED: ("could not be sent", "Each says why. Try again, or cancel and send anew.", "Look"),
}


class OutboxStart(Provider):
    """Mail that failed, and mail of which nobody knows, for those who may act on it."""

    def needs(self, user: AbstractUser, day: date) -> Iterator[Need]:
        """One line for each of the two."""
        if not user.has_perm(CHANGE) or scope.agencies_of(user) is not None:
            return
        troubled = OutgoingMail.objects.filter(state__in=WHY).order_by("state")
        counted = dict(troubled.values_list("state").annotate(Count("pk")))
        for state, (became, why, button) in WHY.items():
            if number := counted.get(state):
                title = f"{number} {'mail' if number == 1 else 'mails'} {became}"
                url = f"{reverse('admin:documents_outgoingmail_changelist')}?state__exact={state}"
                yield Need(None, title, why, url, button)
