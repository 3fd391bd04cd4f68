"""What mutual aid tells the start page: open incidents, stale resources, cards to mend, inquiries that wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Q, Sum
from django.urls import reverse
from django.utils.timezone import localtime

from membership.own import own_agencies_on
from membership.rules.facts import Status
from nipas_admin.shared import scope
from nipas_admin.shared.pages import address
from nipas_admin.shared.startpage import Figure, Need, Provider, QuickLink
from operations import services
from operations.models import AlarmAssignment, FreshnessRule, Incident, PocketCardOrder, ReadinessInquiry, Resource
from operations.rules.cards import Fault
from operations.rules.freshness import Freshness, freshness, stale_from

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

MOST = 8


class OperationsStart(Provider):
    """Mutual aid on the start page."""

    def figures(self, user: AbstractUser, day: date) -> Iterator[Figure]:
        """Open incidents, stale resources."""
        if scope.agencies_of(user) is not None:
            return
        incidents = reverse("admin:operations_incident_changelist")
        if user.has_perm("operations.view_incident"):
            count = Incident.objects.open().count()
            yield Figure("Open incidents", str(count) if count else "none", f"{incidents}?state=open")
        if user.has_perm("operations.change_freshnessrule"):
            schedule = FreshnessRule.objects.schedule_on(day)
            stale = Count("pk", filter=Q(freshness=Freshness.STALE.value))
            rows = Resource.objects.with_freshness_on(day, schedule).order_by()
            found = rows.aggregate(stale=stale, all=Count("pk"))
            yield Figure(
                "Stale resources", str(found["stale"]), reverse("operations:to_confirm"), f"of {found['all']:,} lines"
            )

    def needs(self, user: AbstractUser, day: date) -> Iterator[Need]:
        """What waits for this person."""
        own = scope.agencies_of(user)
        if own is not None:
            yield from self._own(user, own, day)
            return
        if user.has_perm("operations.change_incident"):
            for incident in Incident.objects.open().select_related("stricken")[:MOST]:
                desk = reverse("operations:desk", args=[incident.pk])
                why = f"{incident.nature}; open since {localtime(incident.opened_at):%-d %B, %H:%M}."
                yield Need(day, f"Incident {incident}", why, desk, "Alarm desk")
        if user.has_perm("operations.change_alarmassignment"):
            yield from self._cards(day)
        if user.has_perm("operations.change_readinessinvitation"):
            yield from self._inquiries(day)
        if user.has_perm("operations.change_pocketcardorder"):
            yield from self._orders()

    def _own(self, user: Any, own: frozenset[int], day: date) -> Iterator[Need]:
        if not user.has_perm("operations.change_resource") or not own:
            return
        schedule = FreshnessRule.objects.schedule_on(day)
        open_to = {one.pk: one for one in own_agencies_on(user, day) if not Status(one.status).has_ended}
        rows = Resource.objects.filter(agency__in=open_to).order_by().values("agency")
        counted = rows.annotate(oldest=Min("confirmed_on"), never=Count("pk", filter=Q(confirmed_on__isnull=True)))
        held = {row["agency"]: None if row["never"] else row["oldest"] for row in counted}
        for key, agency in open_to.items():
            oldest = held.get(key)
            if oldest and freshness(oldest, day, schedule).value is Freshness.FRESH:
                continue
            by = stale_from(oldest, schedule) if oldest else day
            what = f"Confirm your resources by {by:%-d %B %Y}" if key in held else "Enter what your agency can send"
            url = reverse("operations:confirm", args=[key])
            yield Need(by, what, f"What {agency} can send (Agreement §3.I).", url, "Confirm")

    def _cards(self, day: date) -> Iterator[Need]:
        cards = AlarmAssignment.objects.in_effect_on(day).select_related("agency")
        wrong = []
        for checked in services.check_assignments(cards, day, suggest=False):
            flags = [flag for flag in checked.flags if flag.fault in {Fault.NOT_ACTIVE, Fault.HOLE}]
            if flags:
                wrong.append((checked.assignment, flags))
        for card, flags in wrong[:MOST]:
            why = f"{flags[0].text}{f', and {len(flags) - 1} more' if len(flags) > 1 else ''} (Agreement §3.A)."
            yield Need(None, f"Alarm card of {card.agency}", why, address(card), "Open")

    def _inquiries(self, day: date) -> Iterator[Need]:
        rows = ReadinessInquiry.objects.filter(closes_at__date__gte=day)
        waits = rows.annotate(silent=Count("invitations", filter=Q(invitations__reply=""))).filter(silent__gt=0)
        for inquiry in waits[:MOST]:
            until = localtime(inquiry.closes_at)
            why = f"{inquiry.silent} have not answered; until {until:%-d %B, %H:%M}."
            yield Need(until.date(), f"Readiness: {inquiry}", why, address(inquiry), "Open")

    def _orders(self) -> Iterator[Need]:
        waiting = PocketCardOrder.objects.waiting().order_by()
        found = waiting.aggregate(orders=Count("pk"), cards=Sum("quantity"), since=Min("ordered_on"))
        if found["orders"]:
            several = found["orders"] > 1
            title = f"{found['orders']} orders of pocket cards wait" if several else "An order of pocket cards waits"
            why = f"{found['cards']:,} cards in all, the oldest order of {found['since']:%-d %B %Y}. They are free."
            list_ = reverse("admin:operations_pocketcardorder_changelist")
            yield Need(None, title, why, f"{list_}?state=waiting", "Send")

    def links(self, user: AbstractUser, day: date) -> Iterator[QuickLink]:
        """The frequent tasks of the desk and of the coordinator; for an agency, its resources and ordering cards."""
        if scope.agencies_of(user) is not None:
            if user.has_perm("operations.change_resource"):
                yield QuickLink("Confirm resources", reverse("operations:to_confirm"))
            if user.has_perm("operations.add_pocketcardorder"):
                yield QuickLink("Order pocket cards", reverse("admin:operations_pocketcardorder_add"))
            return
        if user.has_perm("operations.add_incident"):
            # Who runs the desk comes for this; others may do it too.
            runs = not user.has_perm("membership.change_agency")
            yield QuickLink("New incident", reverse("operations:new"), primary=runs, key="n")
        if user.has_perm("operations.add_readinessinquiry"):
            yield QuickLink("Ask who would come", reverse("operations:ask_readiness"))
