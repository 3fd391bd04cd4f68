"""Insurance of Agreement §3.H on a day, and the statute that indemnifies an agency's officers (§3.F). US dollars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from nipas_admin.shared.citations import AGREEMENT, Citation, cites
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.periods import Period

MILLION = Decimal(1_000_000)


class Coverage(str, Enum):
    """The lines of insurance that the agreement asks for."""

    LIABILITY = "liability"
    AUTO = "auto"
    WORKERS = "workers"


CLAUSE: dict[Coverage, Citation] = {
    Coverage.LIABILITY: AGREEMENT.at("3.H.1"),
    Coverage.AUTO: AGREEMENT.at("3.H.2"),
    Coverage.WORKERS: AGREEMENT.at("3.H.3"),
}
LABEL = {
    Coverage.LIABILITY: "commercial general liability",
    Coverage.AUTO: "automobile liability",
    Coverage.WORKERS: "workers' compensation",
}


@dataclass(frozen=True)
class Certificate:
    """One certificate: line, period (first day out at the end), carrier and limits; a limit is None when not stated."""

    coverage: Coverage
    period: Period
    carrier: str
    occurrence: Decimal | None = None
    personal_injury: Decimal | None = None
    general_aggregate: Decimal | None = None
    project_aggregate: Decimal | None = None
    employers_liability: Decimal | None = None
    contractual_liability: bool | None = None
    statutory: bool | None = None
    pooled: bool = False


def _shortfalls(c: Certificate) -> tuple[list[str], list[str]]:
    """What falls short, and what the certificate does not state."""
    short: list[str] = []
    unstated: list[str] = []

    def at_least(name: str, amount: Decimal | None, least: Decimal) -> None:
        if amount is None:
            unstated.append(name)
        elif amount < least:
            short.append(f"{name} is ${amount:,.2f}, needed ${least:,.2f}")

    def holds(name: str, answer: bool | None) -> None:
        if answer is None:
            unstated.append(name)
        elif not answer:
            short.append(f"{name} is not included")

    if c.coverage is Coverage.LIABILITY:
        at_least("each occurrence", c.occurrence, MILLION)
        at_least("personal injury", c.personal_injury, MILLION)
        if not (c.project_aggregate is not None and c.project_aggregate >= MILLION):
            at_least("general aggregate", c.general_aggregate, 2 * MILLION)
        holds("contractual liability", c.contractual_liability)
    elif c.coverage is Coverage.AUTO:
        at_least("combined single limit", c.occurrence, MILLION)
    else:
        holds("statutory workers' compensation", c.statutory)
        at_least("employer's liability per accident", c.employers_liability, MILLION / 2)
    return short, unstated


@cites(AGREEMENT.at("3.H"))
def insured_on(certificates: Iterable[Certificate], day: date) -> Finding[bool]:
    """Does the agency's insurance meet §3.H on a day? No certificate is not determined, never "non-compliant".

    False when a line in force falls short and no other certificate of that line meets it.
    """
    known = list(certificates)
    because: list[Fact] = []
    missing: list[str] = []
    flags: list[Fact] = []
    answers: list[bool | None] = []
    for line in Coverage:
        clause = CLAUSE[line]
        in_force = [c for c in known if c.coverage is line and day in c.period]
        if not in_force:
            missing.append(f"a certificate of {LABEL[line]} in force on this day [{clause}]")
            answers.append(None)
            continue
        tested = [(c, *_shortfalls(c)) for c in in_force]
        best = min(tested, key=lambda t: (bool(t[1]), bool(t[2])))
        certificate, short, unstated = best
        text = f"{LABEL[line]}, {certificate.carrier}, {certificate.period}"
        because.append(
            Fact(text + (f": {'; '.join(short)}" if short else ""), certificate.period.start, citations=(clause,))
        )
        missing += [f"{name} on the certificate of {LABEL[line]} [{clause}]" for name in unstated if not short]
        answers.append(False if short else None if unstated else True)
        if certificate.pooled:
            flags.append(
                Fact(f"{LABEL[line]} by a pool or self-insurance: the text is silent on it", citations=(clause,))
            )
    value = False if False in answers else None if None in answers else True
    return Finding(value, tuple(because), tuple(missing), tuple(flags))


@cites(AGREEMENT.at("3.F"))
def indemnifying_statute(kind: str) -> str:
    """The statute that indemnifies officers of this kind of agency; blank where the agency must name its own."""
    return {"municipal": "65 ILCS 5/1-4-6", "county": "55 ILCS 5/5-1002"}.get(kind, "")
