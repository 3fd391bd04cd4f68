"""The screens of costs between agencies, and of claims with who bears what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from documents.admin import paper_shown
from finance import resources, services
from finance.admin.pages import TreasurersPage
from finance.admin.shown import dollars
from finance.forms.matters import ClaimForm, CostLine, CostRequestForm, DecideForm, PaidForm
from finance.looks import costs_state
from finance.models import Claim, ClaimCost, CostRequest
from nipas_admin.shared import money, numbers, scope
from nipas_admin.shared.admin import RecordTabular
from nipas_admin.shared.badges import badge
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer, Button

DECIDED = ["decided_on", "granted_shown", "decided_by", "decision_shown", "paid_on"]


def _incident(request: HttpRequest, record: CostRequest | Claim) -> Iterator[Button]:
    """The way to the incident whose number it carries, for those who may see it; none for a number that is not ours."""
    with suppress(LookupError):
        found = numbers.find(numbers.INCIDENT, record.incident, request.user)
        if found is not None and found.url:
            yield Button(f"Incident {found.number}", found.url)


class CostStateFilter(admin.SimpleListFilter):
    """Where a request stands."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every state."""
        return [
            ("open", "Waits for the decision"),
            ("granted", "Granted, not paid"),
            ("paid", "Paid"),
            ("refused", "Nothing granted"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those in one state."""
        found = {
            "open": queryset.filter(decided_on__isnull=True),
            "granted": queryset.filter(granted__gt=money.ZERO, paid_on__isnull=True),
            "paid": queryset.filter(paid_on__isnull=False),
            "refused": queryset.filter(granted=money.ZERO),
        }
        return found.get(self.value() or "", queryset)


@admin.register(CostRequest)
class CostRequestAdmin(TreasurersPage):
    """Requests for unusual or burdensome costs, between two agencies."""

    resource_classes = [resources.CostRequestResource]
    form = CostRequestForm
    acts = (DecideForm, PaidForm)
    list_display = ["title", "stricken", "submitted_on", "incident", "amount_shown", "granted_shown", "state_shown"]
    list_filter = [CostStateFilter, "submitted_on"]
    list_select_related = ["aiding", "stricken"]
    search_fields = ["aiding__name", "stricken__name", "incident", "description"]
    search_help_text = "Either agency, incident, or what was unusual"
    autocomplete_fields = ["aiding", "stricken"]
    amount_shown = dollars("amount", "Asked")
    granted_shown = dollars("granted", "Granted")
    request_shown = paper_shown("request_paper", "Request on file")
    decision_shown = paper_shown("decision_paper", "Decision on file")
    readonly_fields = ["request_shown", "amount_shown", *DECIDED]
    empty_list = (
        "No agency asked another for costs. Aid is given without reimbursement; unusual or burdensome costs may be "
        "asked of the stricken agency, which decides at its discretion (Agreement §3.E)."
    )

    def limit(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """Those of the rows that this person may see: whoever signs in for an agency those of either side."""
        agencies = scope.agencies_of(request.user)
        return rows if agencies is None else rows.filter(Q(aiding__in=agencies) | Q(stricken__in=agencies))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is asked, on which paper, and what was decided."""
        upload = ["request_upload"] if obj is None or self.has_change_permission(request, obj) else []
        shown = ["request_shown"] if obj is not None and obj.request_paper_id else []
        decided = [("The decision", {"fields": DECIDED})] if obj is not None and obj.decided_on else []
        amount = "amount_shown" if obj is not None and obj.decided_on else "amount"
        return [
            (None, {"fields": ["aiding", "stricken", ("incident", "incident_on"), "submitted_on", amount]}),
            ("What was unusual", {"fields": ["description", *shown, *upload]}),
            *decided,
            ("Note", {"fields": ["note"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What the decision set; and what it was about, once it is made."""
        settled = ["aiding", "stricken", "submitted_on"] if obj is not None and obj.decided_on else []
        return [*self.readonly_fields, *settled]

    def badge(self, record: CostRequest) -> tuple[str, str]:
        """Where it stands."""
        return costs_state(record)

    def buttons(self, request: HttpRequest, record: CostRequest) -> Iterator[Button]:
        """The acts, and the way to the incident."""
        yield from super().buttons(request, record)
        yield from _incident(request, record)

    def answers(self, request: HttpRequest, record: CostRequest) -> Iterable[Answer]:
        """What was granted, with its why."""
        found = services.stands(record)
        yield Answer("Granted", found, money.shown(found.value))

    @admin.display(description="Asked by", ordering="aiding__name")
    def title(self, record: CostRequest) -> str:
        """The aiding agency."""
        return record.aiding.name

    @admin.display(description="State", ordering="decided_on")
    def state_shown(self, record: CostRequest) -> SafeString:
        """Where it stands."""
        return badge(*costs_state(record))


class CostInline(RecordTabular):
    """The costs of a claim."""

    model = ClaimCost
    form = CostLine
    fields = ["on", "kind", "text", "amount"]
    verbose_name = "cost"
    verbose_name_plural = "costs"
    show_change_link = False


@admin.register(Claim)
class ClaimAdmin(TreasurersPage):
    """Claims in which NIPAS is named as a separate party, and who bears their costs."""

    resource_classes = [resources.ClaimResource]
    form = ClaimForm
    change_form_template = "board/wide_page.html"
    inlines = [CostInline]
    list_display = ["title", "number", "filed_on", "stricken", "named_shown", "costs_shown", "state_shown"]
    list_filter = [("closed_on", admin.EmptyFieldListFilter)]
    list_select_related = ["stricken"]
    search_fields = ["title", "number", "incident", "stricken__name", "named__name"]
    search_help_text = "Title, case number, incident, or an agency"
    autocomplete_fields = ["stricken", "named"]
    claim_shown = paper_shown("claim_paper", "Claim on file")
    readonly_fields = ["claim_shown"]
    empty_list = (
        "No claim names NIPAS. Record one with the agencies named: the stricken agency bears the defense, and those "
        "named share equally what NIPAS is made to pay (Agreement §3.G)."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the agencies named and the costs, in two queries more."""
        return super().get_queryset(request).prefetch_related("named", "costs")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Which claim, between whom, on which paper."""
        upload = ["claim_upload"] if obj is None or self.has_change_permission(request, obj) else []
        shown = ["claim_shown"] if obj is not None and obj.claim_paper_id else []
        return [
            (None, {"fields": ["title", "number", ("filed_on", "closed_on"), "incident"]}),
            ("Who bears it", {"fields": ["stricken", "named"]}),
            ("On record", {"fields": [*shown, *upload, "note"]}),
        ]

    def badge(self, record: Claim) -> tuple[str, str]:
        """Open or closed."""
        return ("closed", "Closed") if record.closed_on else ("open", "Open")

    def buttons(self, request: HttpRequest, record: Claim) -> Iterator[Button]:
        """The way to the incident."""
        yield from super().buttons(request, record)
        yield from _incident(request, record)

    def answers(self, request: HttpRequest, record: Claim) -> Iterable[Answer]:
        """Who bears the defense, and how what NIPAS was made to pay is shared."""
        shares = services.shares_of(record)
        yield Answer("Who bears the defense?", shares.defense, getattr(shares.defense.value, "agency", ""))
        number = len(shares.indemnity.value or ())
        yield Answer("Who shares the indemnity?", shares.indemnity, f"{number} agencies" if number > 1 else "1 agency")

    def related(self, request: HttpRequest, record: Claim) -> Sequence[Related]:
        """What falls to each agency."""
        found = services.shares_of(record).rows
        rows = [Row((name, *map(money.shown, parts))) for name, *parts in found]
        if len(rows) > 1:
            sums = [money.total(row[place] for row in found) for place in (1, 2, 3)]  # type: ignore[misc]
            rows.append(Row(("All together", *map(money.shown, sums))))
        columns = [Column("Agency"), *(Column(name, number=True) for name in ("Defense", "Indemnity", "Together"))]
        return [Related("What falls to each agency", columns, rows, "Nothing yet: no cost, or no agency to bear it.")]

    @admin.display(description="Named")
    def named_shown(self, record: Claim) -> str:
        """How many agencies are named."""
        number = len(record.named.all())
        return f"{number} {'agency' if number == 1 else 'agencies'}" if number else "None yet"

    @admin.display(description="Costs")
    def costs_shown(self, record: Claim) -> str:
        """All its costs together."""
        return money.shown(money.total(cost.amount for cost in record.costs.all()))

    costs_shown.number = True  # type: ignore[attr-defined]

    @admin.display(description="State", ordering="closed_on")
    def state_shown(self, record: Claim) -> SafeString:
        """Open or closed."""
        return badge(*self.badge(record))
