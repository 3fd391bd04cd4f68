"""What the start page says of money that goes out: which disbursements wait for whom, and what is to be reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.urls import reverse

from board.models import Meeting
from finance import services
from finance.models import CostRequest, Disbursement
from nipas_admin.shared import scope
from nipas_admin.shared.startpage import Figure, Need, Provider, QuickLink

LIST = "admin:finance_disbursement_changelist"
UNDER_WAY = ("requested", "reviewed", "approved")


def _at(step: str) -> str:
    return f"{reverse(LIST)}?step={step}"


def _number(count: int) -> str:
    return "1 disbursement waits" if count == 1 else f"{count} disbursements wait"


class SpendingStart(Provider):
    """Disbursements under way, each step to those whose it is (Bylaws Art. X)."""

    def figures(self, user: Any, day: date) -> Iterable[Figure]:
        """How many are under way, for those who read the books."""
        if scope.agencies_of(user) is not None or not user.has_perm("finance.view_disbursementpayment"):
            return
        counts = [Disbursement.objects.at_step(step).count() for step in UNDER_WAY]
        note = f"{counts[0]} to review, {counts[1]} to approve, {counts[2]} to pay"
        yield Figure("Disbursements under way", str(sum(counts)), reverse(LIST), note)

    def needs(self, user: Any, day: date) -> Iterator[Need]:
        """What waits for this person: the review, the approval, the check, the report."""
        if scope.agencies_of(user) is not None:
            return
        if services.capacity_of(user) and user.has_perm("finance.add_disbursementreview"):
            waiting = Disbursement.objects.at_step("requested").exclude(requested_by=user)
            yield from self._one(
                waiting.exclude(payee_user=user).count(), "for your review",
                "Asked for by another person; look at the paper and record the review (Bylaws Art. X).",
                _at("requested"), "Review",
            )  # fmt: skip
        if services.is_treasurer(user):
            waiting = Disbursement.objects.at_step("reviewed").exclude(requested_by=user).exclude(review__by=user)
            yield from self._one(
                waiting.exclude(payee_user=user).count(), "for your approval",
                "Reviewed; approve under the Board's policy, or decline (Bylaws Art. X).", _at("reviewed"), "Approve",
            )  # fmt: skip
            yield from self._one(
                Disbursement.objects.at_step("approved").count(), "for the check",
                "Approved; the Treasurer signs the check (Bylaws Art. VI §4).", _at("approved"), "Pay",
            )  # fmt: skip
            yield from self._report()

    def _one(self, count: int, what: str, why: str, url: str, button: str) -> Iterator[Need]:
        if count:
            yield Need(None, f"{_number(count)} {what}", why, url, button)

    def _report(self) -> Iterator[Need]:
        """What had been paid when the Board last met, and was not reported. What was paid since waits for it."""
        held = Meeting.objects.standing().filter(kind="board", called_to_order_at__isnull=False)
        latest = held.order_by("-starts_at").first()
        count = services.to_report().filter(paid_on__lte=latest.on).count() if latest else 0
        if count:
            title = "1 disbursement is" if count == 1 else f"{count} disbursements are"
            why = f"Paid before the {latest}, and reported to no meeting of the Board yet (Bylaws Art. X)."
            url = reverse("admin:finance_disbursementreport_add")
            yield Need(None, f"{title} to be reported to the Board", why, url, "Report")

    def links(self, user: Any, day: date) -> Iterable[QuickLink]:
        """Ask for a disbursement; the requests for costs that wait."""
        if scope.agencies_of(user) is not None:
            return
        if user.has_perm("finance.add_disbursement"):
            yield QuickLink("Ask for a disbursement", reverse("admin:finance_disbursement_add"))
        if user.has_perm("finance.change_costrequest") and CostRequest.objects.filter(decided_on__isnull=True).exists():
            yield QuickLink(
                "Costs that wait for a decision", f"{reverse('admin:finance_costrequest_changelist')}?state=open"
            )
