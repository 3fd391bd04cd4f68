"""Insurance on a day (A 3.H) and the indemnifying statute (A 3.F)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from membership.rules.insurance import Certificate, Coverage, indemnifying_statute, insured_on
from nipas_admin.shared.periods import Period

from .terms import d

YEAR = Period(d("2026-01-01"), d("2027-01-01"))
MILLION = Decimal(1_000_000)
LIABILITY = Certificate(
    Coverage.LIABILITY, YEAR, "Prairie Mutual", MILLION, MILLION, 2 * MILLION, contractual_liability=True
)
AUTO = Certificate(Coverage.AUTO, YEAR, "Prairie Mutual", MILLION)
WORKERS = Certificate(Coverage.WORKERS, YEAR, "Prairie Mutual", employers_liability=MILLION / 2, statutory=True)
ALL = (LIABILITY, AUTO, WORKERS)
CENT = Decimal("0.01")


def changed(line, **facts):
    return tuple(replace(c, **facts) if c.coverage is line else c for c in ALL)


@pytest.mark.parametrize(
    ("certificates", "day", "insured", "words"),
    [
        pytest.param(ALL, "2026-06-01", True, "Prairie Mutual", id="all three lines at their least"),
        pytest.param(ALL, "2025-12-31", None, "a certificate of", id="the day before they begin: no certificate"),
        pytest.param(ALL, "2026-01-01", True, "Prairie Mutual", id="the first day"),
        pytest.param(ALL, "2026-12-31", True, "Prairie Mutual", id="1 Jan–1 Jan covers 31 Dec"),
        pytest.param(ALL, "2027-01-01", None, "a certificate of", id="and not 1 Jan"),
        pytest.param(
            (),
            "2026-06-01",
            None,
            "commercial general liability",
            id="no certificate is not determined, never non-compliant",
        ),
        pytest.param((LIABILITY, AUTO), "2026-06-01", None, "workers' compensation", id="one line without certificate"),
        pytest.param(
            changed(Coverage.LIABILITY, occurrence=MILLION - CENT),
            "2026-06-01",
            False,
            "each occurrence is $999,999.99",
            id="a cent short per occurrence",
        ),
        pytest.param(
            changed(Coverage.LIABILITY, personal_injury=None),
            "2026-06-01",
            None,
            "personal injury",
            id="personal injury not stated",
        ),
        pytest.param(
            changed(Coverage.LIABILITY, general_aggregate=2 * MILLION - CENT),
            "2026-06-01",
            False,
            "general aggregate",
            id="general aggregate a cent short",
        ),
        pytest.param(
            changed(Coverage.LIABILITY, general_aggregate=None, project_aggregate=MILLION),
            "2026-06-01",
            True,
            "Prairie",
            id="a project aggregate of $1,000,000 serves instead",
        ),
        pytest.param(
            changed(Coverage.LIABILITY, general_aggregate=None, project_aggregate=MILLION - CENT),
            "2026-06-01",
            None,
            "general aggregate",
            id="a project aggregate a cent short does not",
        ),
        pytest.param(
            changed(Coverage.LIABILITY, contractual_liability=False),
            "2026-06-01",
            False,
            "contractual liability is not included",
            id="without contractual liability",
        ),
        pytest.param(
            changed(Coverage.AUTO, occurrence=MILLION - CENT),
            "2026-06-01",
            False,
            "combined single limit",
            id="automobile a cent short",
        ),
        pytest.param(
            changed(Coverage.WORKERS, employers_liability=MILLION / 2 - CENT),
            "2026-06-01",
            False,
            "employer's liability",
            id="employer's liability a cent short",
        ),
        pytest.param(
            changed(Coverage.WORKERS, statutory=None), "2026-06-01", None, "statutory", id="statutory limits not stated"
        ),
        pytest.param(
            (*changed(Coverage.AUTO, occurrence=MILLION - CENT), AUTO),
            "2026-06-01",
            True,
            "Prairie",
            id="a second certificate that meets the line",
        ),
        pytest.param(
            (replace(AUTO, occurrence=MILLION - CENT), LIABILITY),
            "2026-06-01",
            False,
            "combined single limit",
            id="a line that falls short decides, though another is missing",
        ),
    ],
)
def test_insurance_on_a_day(certificates, day, insured, words):
    finding = insured_on(certificates, d(day))
    assert finding.value is insured
    assert words in " ".join([*map(str, finding.because), *finding.missing])


def test_a_pool_is_flagged_because_the_text_is_silent():
    assert "pool or self-insurance" in str(insured_on(changed(Coverage.AUTO, pooled=True), d("2026-06-01")).flags[0])


@pytest.mark.parametrize(
    ("kind", "statute"),
    [("municipal", "65 ILCS 5/1-4-6"), ("county", "55 ILCS 5/5-1002"), ("university_college", ""), ("other", "")],
)
def test_the_statute_that_indemnifies_its_officers(kind, statute):
    assert indemnifying_statute(kind) == statute
