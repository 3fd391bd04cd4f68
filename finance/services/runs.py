"""Invoice runs: who would be invoiced what and why, confirmed as seen, made in chunks, taken up where they broke."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from finance.models import FiscalYear, Invoice, InvoiceLine, InvoiceRun, Rate, RunItem
from finance.rules.dues import Charge, Decided, Payer, Place, decide
from finance.services.invoices import draw_numbers
from finance.services.years import dues_policy_on, fund_of, posting_year
from membership.models import Agency, Participation, SpecializedTeam, TeamParticipation
from membership.rules.facts import ENDINGS, Adoption, Status
from membership.rules.standing import begins, endings_by
from membership.services import stints_by_agency
from nipas_admin.shared import money
from nipas_admin.shared.dated import Dated, in_words
from nipas_admin.shared.records import saved

CHUNK = 500
PARTICIPATING = (Status.ACTIVE.value, Status.SUSPENDED.value)
ENDED = [status.value for status in ENDINGS]
# Who left longer ago than this is not listed among those who get no invoice.
LEFT_LATELY = timedelta(days=366)
Key = tuple[int, str, int | None]


@dataclass(frozen=True)
class Plan:
    """What a run would do for one agency and one thing."""

    agency: int
    charge: Charge
    team: int | None
    decided: Decided

    @property
    def key(self) -> Key:
        """Whom, for what, for which team."""
        return self.agency, self.charge.value, self.team

    @property
    def amount(self) -> Decimal | None:
        """In US dollars; None when there is no invoice."""
        return self.decided.owed.amount if self.decided.owed else None


def plan(year: FiscalYear, as_on: date, *, annual: bool = True, teams: bool = True) -> list[Plan]:
    """Whom a run dated on the day would invoice for what and why, and whom not and why not, in the order of names.

    A fixed number of queries, whatever the number of agencies.
    """
    wanted = frozenset(charge for charge, on in ((Charge.ANNUAL, annual), (Charge.TEAM, teams)) if on)
    terms, _letters = dues_policy_on(as_on)
    rates = [row.rate for row in Rate.objects.covering(as_on).select_related("motion__meeting")]
    invoiced, started = _invoiced(year)
    nothing: frozenset[Any] = frozenset()
    plans = []
    for agency, payer in _payers(year, as_on, places=teams):
        decisions = decide(
            payer, rates, year.year, as_on, terms, wanted=wanted,
            invoiced=invoiced.get(agency, nothing), started=started.get(agency, nothing),
        )  # fmt: skip
        for decided in decisions:
            charge = Charge.TEAM if decided.team is not None else Charge.ANNUAL
            plans.append(Plan(agency, charge if charge in wanted else Charge.TEAM, decided.team, decided))
    return plans


def _invoiced(year: FiscalYear) -> tuple[dict[int, frozenset[Any]], dict[int, frozenset[int]]]:
    """What each agency was invoiced for this year, and the teams in which it was ever charged the start."""
    for_year: dict[int, set[Any]] = defaultdict(set)
    standing = Invoice.objects.filter(voided_on__isnull=True)
    known = {charge.value for charge in Charge}
    for agency, charge, team in standing.filter(fiscal_year=year).values_list("agency", "charge", "team"):
        if charge in known:
            for_year[agency].add((Charge(charge), team))
    # Joining dues asked before the year and paid in it: participation begins then, and they cover its first year.
    begun = standing.filter(
        charge=Charge.JOINING.value,
        participation__dues_paid_on__gte=year.starts_on,
        participation__dues_paid_on__lt=year.ends_on,
    )
    for agency in begun.values_list("agency", flat=True):
        for_year[agency].add((Charge.JOINING, None))
    ever: dict[int, set[int]] = defaultdict(set)
    for agency, team in standing.filter(charge=Charge.TEAM.value).values_list("agency", "team").order_by().distinct():
        ever[agency].add(team)
    return {key: frozenset(held) for key, held in for_year.items()}, {
        key: frozenset(held) for key, held in ever.items()
    }


def _payers(year: FiscalYear, as_on: date, *, places: bool) -> Iterator[tuple[int, Payer]]:
    """Those who participate, apply, left lately or are not determined, each with what the rules ask of it."""
    adoption = Participation.objects.all().adoption()
    rows = Agency.objects.with_status_on(as_on, adoption).order_by("name")
    known = rows.exclude(status=Status.PROSPECT.value)
    listed = list(known.values_list("pk", "status", "sworn_officers", "notice_ends_on"))
    before = _participating(year.starts_on, adoption) if as_on != year.starts_on else {
        pk for pk, status, *_rest in listed if status in PARTICIPATING
    }  # fmt: skip
    out = {pk for pk, status, *_rest in listed if status in ENDED}
    out -= _lately_in(out, as_on - LEFT_LATELY, adoption)
    listed = [row for row in listed if row[0] not in out]
    closer = [pk for pk, status, *_rest in listed if pk not in before or status not in PARTICIPATING]
    stints = stints_by_agency(closer)
    in_teams = _places(as_on, adoption) if places else {}
    for pk, status, sworn, notice_ends_on in listed:
        payer = Payer(
            Status(status), Dated(None, year.starts_on), sworn=sworn, places=in_teams.get(pk, ()),
            notice_ends_on=notice_ends_on,
        )  # fmt: skip
        if payer.status in ENDINGS:
            ended = [on for stint in stints.get(pk, ()) for on, _how in endings_by(stint, adoption, as_on)]
            if not ended or as_on - max(ended) > LEFT_LATELY:
                continue
            payer = replace(payer, ended_on=max(ended))
        elif pk not in before and payer.status.value in PARTICIPATING:
            payer = replace(payer, begun=_begun(stints.get(pk, ()), as_on))
        yield pk, payer


def _participating(day: date, adoption: Adoption) -> set[int]:
    """Who participated on the day. One query."""
    agencies = Agency.objects.with_status_on(day, adoption).filter(status__in=PARTICIPATING)
    return set(agencies.order_by().values_list("pk", flat=True))


def _lately_in(out: set[int], since: date, adoption: Adoption) -> set[int]:
    """Of those who are out, who was in on the day or went since: no other stints need be read. Two queries."""
    agencies = Agency.objects.filter(pk__in=out).with_status_on(since, adoption).exclude(status__in=ENDED)
    went = Participation.objects.filter(Q(withdrawn_on__gte=since) | Q(terminated_on__gte=since), agency__in=out)
    return {*agencies.order_by().values_list("pk", flat=True), *went.values_list("agency", flat=True)}


def _begun(stints: Sequence[Any], day: date) -> Dated:
    """When the stint that stands on the day began: the last that may have begun by then."""
    begun = [begins(stint) for stint in stints]
    by_then = [when for when in begun if when.by(day) is not False]
    return by_then[-1] if by_then else Dated.unknown()


def _places(day: date, adoption: Adoption) -> dict[int, tuple[Place, ...]]:
    """Each agency's places in teams on the day, in the stint in which it participates. One query."""
    stints = Participation.objects.with_status_on(day, adoption).filter(status__in=PARTICIPATING)
    rows = TeamParticipation.objects.standing_on(day).filter(participation__in=stints.values("pk"))
    rows = rows.order_by("team__short_name", "pk")
    found: dict[int, dict[int, Place]] = defaultdict(dict)
    for agency, team, name, officers, since in rows.values_list(
        "participation__agency", "team", "team__short_name", "officers_committed", "elected_on"
    ):
        found[agency][team] = Place(team, name, officers, since)
    return {agency: tuple(places.values()) for agency, places in found.items()}


@transaction.atomic
def prepare_run(
    *, year: FiscalYear, as_on: date, due_on: date | None = None, annual: bool = True, teams: bool = True,
    at: datetime, by: Any,
) -> InvoiceRun:  # fmt: skip
    """The preview of a run, on record: every agency with its invoice or the reason why none. Nothing is issued yet."""
    _must_lie_in(year, as_on)
    terms, _letters = dues_policy_on(as_on)
    run = saved(
        InvoiceRun(
            fiscal_year=year, as_on=as_on, due_on=due_on or as_on + timedelta(days=terms.due_days), annual=annual,
            teams=teams, prepared_at=at, prepared_by=by,
        )
    )  # fmt: skip
    RunItem.objects.bulk_create_with_history(_items(run, plan(year, as_on, annual=annual, teams=teams)))
    return run


def _must_lie_in(year: FiscalYear, as_on: date) -> None:
    if as_on not in year.year:
        raise ValidationError(
            {"as_on": f"{in_words(as_on)} does not lie in {year}: invoices of a year bear a day of that year."}
        )
    if year.is_closed:
        raise ValidationError(f"{year} is closed and takes no invoices.")


def _items(run: InvoiceRun, plans: Sequence[Plan]) -> Iterator[RunItem]:
    for one in plans:
        owed = one.decided.owed
        yield RunItem(
            run=run, agency_id=one.agency, charge=one.charge.value, team_id=one.team, invoiced=one.decided.invoiced,
            amount=one.amount,
            lines=[
                {"text": line.text, "quantity": line.quantity, "unit": str(line.unit), "amount": str(line.amount)}
                for line in (owed.lines if owed else ())
            ],
            because=[str(fact) for fact in one.decided.because],
            missing=list(one.decided.missing),
        )  # fmt: skip


def changes_since(run: InvoiceRun) -> list[str]:
    """What the register would decide otherwise today than the preview says, in words; empty when nothing."""
    plans = plan(run.fiscal_year, run.as_on, annual=run.annual, teams=run.teams)
    now = {one.key: (one.amount if one.decided.invoiced else None) for one in plans}
    rows = run.items.order_by().values_list("agency", "charge", "team", "amount", "invoiced")
    seen = {(agency, charge, team): (amount if invoiced else None) for agency, charge, team, amount, invoiced in rows}
    differ = [key for key in now.keys() | seen.keys() if (now.get(key) or None) != (seen.get(key) or None)]
    names = dict(Agency.objects.filter(pk__in={key[0] for key in differ}).values_list("pk", "name"))
    return sorted(
        f"{names[key[0]]}: {_said(seen.get(key))} in the preview, {_said(now.get(key))} now" for key in differ
    )


def _said(amount: Decimal | None) -> str:
    return money.shown(amount) if amount else "no invoice"


@transaction.atomic
def confirm_run(*, run: InvoiceRun, at: datetime, by: Any) -> InvoiceRun:
    """Confirm what the preview shows, so that it is issued. Raises ValidationError when that is no longer so."""
    posting_year(run.as_on, "an invoice run")
    run = InvoiceRun.objects.select_for_update().get(pk=run.pk)
    if run.confirmed_at is not None:
        raise ValidationError("This run was confirmed already; what is left of it is made by taking it up again.")
    if changed := changes_since(run):
        raise ValidationError(
            ["The register has changed since this preview. Preview the run again:", *changed[:10]]
            + ([f"and {len(changed) - 10} more"] if len(changed) > 10 else [])
        )
    if not run.items.to_make().exists():
        raise ValidationError("Nobody is to be invoiced: there is nothing to confirm.")
    run.confirmed_at, run.confirmed_by = at, by
    return saved(run)


def carry_out_run(run: InvoiceRun, at: datetime) -> Iterator[tuple[int, int]]:
    """Make the invoices of a confirmed run that are not made yet; yields how many are done, of how many.

    Each chunk is one transaction: after a crash its invoices are all there with their numbers, or none is.
    """
    if run.confirmed_at is None:
        raise ValidationError("The run is not confirmed yet.")
    wanted = run.items.filter(invoiced=True)
    whole = wanted.count()
    left = list(wanted.to_make().order_by("pk").values_list("pk", flat=True))
    done = whole - len(left)
    yield done, whole
    for start in range(0, len(left), CHUNK):
        done += _make(run, left[start : start + CHUNK])
        yield done, whole
    with transaction.atomic():
        run = InvoiceRun.objects.select_for_update().get(pk=run.pk)
        if run.finished_at is None and not run.items.to_make().exists():
            run.finished_at = at
            saved(run)


@transaction.atomic
def _make(run: InvoiceRun, keys: Sequence[int]) -> int:
    """The invoices of these lines of the run, under the lock of the year. Returns how many lines are dealt with."""
    year = posting_year(run.as_on, "an invoice run")
    items = list(RunItem.objects.filter(pk__in=keys).to_make().order_by("pk"))
    taken = set(
        Invoice.objects.filter(fiscal_year=year, voided_on__isnull=True, agency__in={item.agency_id for item in items})
        .order_by().values_list("agency", "charge", "team")
    )  # fmt: skip
    # What was invoiced at commencement covers the dues of the year, as in the rule.
    taken |= {(agency, Charge.ANNUAL.value, None) for agency, charge, _team in taken if charge == Charge.JOINING.value}
    twice = [item for item in items if (item.agency_id, item.charge, item.team_id) in taken]
    items = [item for item in items if (item.agency_id, item.charge, item.team_id) not in taken]
    for item in twice:  # issued by hand since the preview
        item.invoiced, item.amount = False, None
        item.because = [*item.because, f"meanwhile invoiced for {year} by another way"]
    RunItem.objects.bulk_update_with_history(twice, ["invoiced", "amount", "because"], "Invoiced meanwhile")
    if not items:
        return len(keys)
    teams = {team.pk: team for team in SpecializedTeam.objects.filter(pk__in={i.team_id for i in items if i.team_id})}
    funds = {pk: fund_of(teams.get(pk) if pk else None) for pk in {item.team_id for item in items}}
    first = draw_numbers(year, len(items))
    invoices = Invoice.objects.bulk_create_with_history(
        (
            Invoice(
                fiscal_year=year, number=number, agency_id=item.agency_id, charge=item.charge, team_id=item.team_id,
                fund=funds[item.team_id], run=run, issued_on=run.as_on, due_on=run.due_on, total=item.amount,
                because=item.because,
            )
            for number, item in enumerate(items, first)
        ),
        str(run),
    )  # fmt: skip
    InvoiceLine.objects.bulk_create_with_history(
        (
            InvoiceLine(
                invoice=invoice, position=position, text=line["text"], quantity=line["quantity"],
                unit=Decimal(line["unit"]), amount=Decimal(line["amount"]),
            )
            for item, invoice in zip(items, invoices, strict=True)
            for position, line in enumerate(item.lines, 1)
        ),
        str(run),
    )  # fmt: skip
    for item, invoice in zip(items, invoices, strict=True):
        item.invoice = invoice
    RunItem.objects.link_with_history(items, "Invoiced")
    return len(keys)
