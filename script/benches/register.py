"""A register of 18,000 agencies with three stints each, for measuring only."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet

from membership.models import Agency, AgreementVersion, Approval, County, Execution, Participation, Proceeding

AGENCIES = 18_000
STINTS = 3
DAY = date(2026, 11, 22)
COLLECTIVE = date(2019, 2, 5)


def fill() -> None:
    """Write the register once, straight into the tables; history is not what is measured here."""
    if Agency.objects.exists():
        return
    original, amended = AgreementVersion.objects.get(edition="original"), AgreementVersion.objects.amended()
    amended.collective_state, amended.collective_on = "known", COLLECTIVE
    amended.save()
    counties = list(County.objects.filter(name__in=["Cook", "DuPage", "Kane", "Lake", "McHenry"]))
    agencies = _insert(Agency(name=f"Agency {n:05}", ori=f"IL{n:07}", city=f"Town {n}") for n in range(AGENCIES))
    through = Agency.counties.through
    through.objects.bulk_create(
        [through(agency_id=a.pk, county_id=counties[i % 5].pk) for i, a in enumerate(agencies)], batch_size=5000
    )
    for number in range(1, STINTS + 1):
        _stints(agencies, number, original if number == 1 else amended)


def _insert(rows):  # type: ignore[no-untyped-def]
    rows = list(rows)
    return QuerySet(type(rows[0])).bulk_create(rows, batch_size=900)


def _stints(agencies: list[Agency], number: int, agreement: AgreementVersion) -> None:
    began = date(1990 + 12 * number, 3, 1)
    days = [began + timedelta(days=n % 300) for n in range(len(agencies))]
    approvals = _insert(
        Approval(agency=a, agreement=agreement, kind="ordinance", number=f"{number}-{i}", earliest_on=d, latest_on=d)
        for i, (a, d) in enumerate(zip(agencies, days, strict=True))
    )
    executions = _insert(
        Execution(
            agency=a, agreement=agreement, head_signed=True, head_signed_on=d, chief_signed=True, chief_signed_on=d
        )
        for a, d in zip(agencies, days, strict=True)
    )
    last = number == STINTS
    stints = _insert(
        Participation(
            agency=a, number=number, path="original" if number == 1 else "new", approval=p, execution=e,
            board_approved_on=d, dues_paid_on=d,
            withdrawn_on=date(2000 + 7 * number, 5, 1) if not last or i % 10 == 0 else None,
        )
        for i, (a, p, e, d) in enumerate(zip(agencies, approvals, executions, days, strict=True))
    )  # fmt: skip
    if last:
        _insert(
            Proceeding(
                participation=s,
                ground="detriment",
                opened_on=days[0],
                reason="-",
                outcome="suspended",
                decided_on=days[0],
                effective_on=date(2026, 1, 1),
            )
            for s in stints[1::50]
        )
