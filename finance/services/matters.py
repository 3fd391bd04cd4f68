"""Costs between agencies, claims against NIPAS, and who keeps its property."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from board.models import Motion
from documents.models import Paper
from finance.models import Claim, ClaimCost, CostRequest, Custody, PropertyItem
from finance.rules import spending as rules
from membership.models import Agency
from nipas_admin.shared import money
from nipas_admin.shared.citations import BYLAWS
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.records import saved

# Costs between agencies


def stands(request: CostRequest) -> Finding[Decimal]:
    """What was granted of the costs asked, and whether it was paid; not determined until they decide."""
    found = rules.cost_request(request.amount, request.decided_on, request.granted, request.stricken.name)
    if request.paid_on is None:
        return found
    paid = Fact(f"paid on {in_words(request.paid_on)}", request.paid_on, citations=(rules.COSTS,))
    return Finding(found.value, (*found.because, paid), found.missing, found.flags)


@transaction.atomic
def decide_costs(
    *, request: CostRequest, on: date, granted: Decimal, decided_by: str, paper: Paper | None = None
) -> CostRequest:
    """The decision of the stricken agency's corporate authorities: all, a part, or nothing (Agreement §3.E)."""
    row = CostRequest.objects.select_for_update().get(pk=request.pk)
    if row.decided_on is not None:
        raise ValidationError(f"It was decided on {in_words(row.decided_on)} (Agreement §3.E).")
    if not decided_by.strip():
        raise ValidationError({"decided_by": "Say which corporate authorities decided (Agreement §3.E)."})
    if granted > row.amount:
        raise ValidationError({"granted": f"{money.shown(row.amount)} was asked: no more is granted (Agreement §3.E)."})
    row.decided_on, row.granted, row.decided_by = on, granted, decided_by.strip()
    row.decision_paper = paper or row.decision_paper
    return saved(row)


@transaction.atomic
def pay_costs(*, request: CostRequest, on: date) -> CostRequest:
    """The stricken agency paid what it granted. The money passes between the two agencies, not through our books."""
    row = CostRequest.objects.select_for_update().get(pk=request.pk)
    if row.paid_on is not None:
        raise ValidationError(f"It was paid on {in_words(row.paid_on)} already.")
    if row.decided_on is None or not row.granted:
        raise ValidationError("Nothing was granted that could be paid (Agreement §3.E).")
    if on < row.decided_on:
        raise ValidationError({"on": f"It was decided on {in_words(row.decided_on)}: it is paid then or later."})
    row.paid_on = on
    return saved(row)


# Claims


@dataclass(frozen=True)
class Shares:
    """Who bears what of a claim: each agency with its part of the defense and of what NIPAS was made to pay."""

    defense: Finding[rules.Share]
    indemnity: Finding[tuple[rules.Share, ...]]

    @property
    def rows(self) -> list[tuple[str, Decimal, Decimal, Decimal]]:
        """Agency, defense, indemnity and both together, in name order; only what is determined."""
        defense = {self.defense.value.agency: self.defense.value.amount} if self.defense.value else {}
        indemnity = {share.agency: share.amount for share in self.indemnity.value or ()}
        names = sorted({*defense, *indemnity}, key=str.casefold)
        parts = [(name, defense.get(name, money.ZERO), indemnity.get(name, money.ZERO)) for name in names]
        return [(name, first, second, first + second) for name, first, second in parts]


def shares_of(claim: Claim) -> Shares:
    """Who bears what of a claim, all its costs together (Agreement §3.G)."""
    costs = list(claim.costs.all())

    def of(kind: ClaimCost.Kind) -> Decimal:
        return money.total(cost.amount for cost in costs if cost.kind == kind)

    stricken = claim.stricken.name if claim.stricken else ""
    named = [agency.name for agency in claim.named.all()]
    return Shares(
        rules.defense_cost(of(ClaimCost.Kind.DEFENSE), stricken),
        rules.equal_shares(of(ClaimCost.Kind.INDEMNITY), named),
    )


# Property


def holder_of(item: PropertyItem, rows: Sequence[Custody]) -> Finding[str]:
    """With whom the item is, and where, by its custody, the latest first; title stays with NIPAS (Bylaws Art. XVI)."""
    title = Fact("title stays with NIPAS, whoever keeps it", citations=(BYLAWS.at("XVI"),))
    if item.disposed_on is not None:
        to = f" to {item.disposed_to}" if item.disposed_to else ""
        said = f"{item.get_disposal_display().lower()}{to} on {in_words(item.disposed_on)}"
        clause = BYLAWS.at("XVII", 4) if item.disposal in BY_BIDS else BYLAWS.at("XVI")
        return Finding("No longer ours", (Fact(said, item.disposed_on, citations=(clause,)),))
    now = next((row for row in rows if row.until_on is None), None)
    if now is None:
        return Finding(None, (title,), ("who keeps it",))
    kept = Fact(f"{_kept_by(now)}, since {in_words(now.from_on)}", now.from_on, citations=(BYLAWS.at("XVI"),))
    return Finding(now.custodian, (kept, title))


def _kept_by(row: Custody) -> str:
    return ", ".join(part for part in (row.custodian, row.agency.name if row.agency else "", row.place) if part)


BY_BIDS = (PropertyItem.Disposal.SEALED_BID, PropertyItem.Disposal.NONPROFIT)
FOR_MONEY = (PropertyItem.Disposal.SEALED_BID, PropertyItem.Disposal.SOLD)


@transaction.atomic
def hand_over(
    *, item: PropertyItem, custodian: str, on: date, agency: Agency | None = None, place: str = ""
) -> PropertyItem:
    """Another person keeps it from the day on; whoever kept it before does so until then. Raises ValidationError."""
    row = PropertyItem.objects.select_for_update().get(pk=item.pk)
    if row.disposed_on is not None:
        raise ValidationError(f"It was disposed of on {in_words(row.disposed_on)} (Bylaws Art. XVI).")
    if row.acquired_on is not None and on < row.acquired_on:
        raise ValidationError({"on": f"It was acquired on {in_words(row.acquired_on)}: hand it over then or later."})
    _end_custody(row, on)
    saved(Custody(item=row, agency=agency, custodian=custodian.strip(), place=place.strip(), from_on=on))
    return row


def _end_custody(item: PropertyItem, on: date) -> None:
    """Whoever keeps it does so until this day. Raises ValidationError where it came to them only then or later."""
    last = item.custody.order_by("-from_on").first()
    if last is None:
        return
    if on <= last.from_on or (last.until_on is not None and on < last.until_on):
        since = last.until_on or last.from_on
        raise ValidationError({"on": f"{last.custodian} kept it on {in_words(since)}: give a day after that."})
    if last.until_on is None:
        last.until_on = on
        saved(last)


@transaction.atomic
def dispose_of_property(
    *,
    item: PropertyItem,
    on: date,
    how: str,
    to: str = "",
    proceeds: Decimal | None = None,
    motion: Motion | None = None,
    paper: Paper | None = None,
) -> PropertyItem:
    """It left: how, to whom, for how much, and by which motion or paper. Raises ValidationError where that is open."""
    row = PropertyItem.objects.select_for_update().get(pk=item.pk)
    if row.disposed_on is not None:
        raise ValidationError(f"It was disposed of on {in_words(row.disposed_on)} already.")
    if motion is None and paper is None:
        raise ValidationError(
            {"motion": "Name the Board's motion, or attach the paper that shows it (Bylaws Art. XVI, XVII §4)."}
        )
    if motion is not None and not motion.effective:
        raise ValidationError({"motion": f"{motion} did not carry: it disposes of nothing."})
    if how in (*BY_BIDS, PropertyItem.Disposal.SOLD) and not to.strip():
        raise ValidationError({"to": "Say to whom it went (Bylaws Art. XVII §4)."})
    if how in FOR_MONEY and proceeds is None:
        raise ValidationError({"proceeds": "Say for how much it was sold; 0.00 if for nothing."})
    if how not in FOR_MONEY and proceeds:
        raise ValidationError({"proceeds": "Only what is sold brings money in. Leave this blank."})
    _end_custody(row, on)
    row.disposed_on, row.disposal, row.disposed_to, row.proceeds = on, how, to.strip(), proceeds
    row.motion, row.disposal_paper = motion, paper or row.disposal_paper
    return saved(row)
