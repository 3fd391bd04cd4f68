"""The certificate, the acknowledgement and the roster: what they say, and what they refuse to say."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pypdf
import pytest

from documents.letters import print_letter
from membership.models import Participation, TerminationNotice
from membership.services import rescind_notice
from tests.membership import factories as make
from tests.membership.reading import DAY, LETTERS, member_in_full, notice_of, printed, refused

pytestmark = pytest.mark.django_db
elmwood = pytest.fixture(member_in_full)


# --- The certificate -------------------------------------------------------------------------------------------------


def test_an_active_agency_is_certified_with_the_why(elmwood: Participation) -> None:
    read = printed("certificate", elmwood.agency)

    for part in (
        "Certificate of Participation",
        "Elmwood Police Department",
        "of the Village of Elmwood",
        "is a Participating Agency of this body on 1 June 2026.",
        "Participating by Agreement §5.B from 10 March 2021",
        "(on file; Agreement §5.B; Bylaws Art. III §2.c)",
        "Status under Bylaws Art. III §11",
    ):
        assert part in read, part
    assert "Rests on" not in read
    assert "suspended" not in read
    assert "Termination Notice" not in read


def test_a_certificate_names_the_reading_it_rests_on() -> None:
    dues_came_later = make.new_member(dues_paid_on=date(2021, 4, 2))

    assert "Rests on Reading R5 of the register’s published readings." in printed("certificate", dues_came_later.agency)


@pytest.mark.parametrize(
    ("day", "suspended"),
    [
        pytest.param(date(2026, 3, 31), False, id="the day before"),
        pytest.param(date(2026, 4, 1), True, id="the first day"),
        pytest.param(date(2026, 4, 30), True, id="the last day"),
        pytest.param(date(2026, 5, 1), False, id="the first day back"),
    ],
)
def test_a_suspension_is_certified_as_what_it_is(day: date, suspended: bool, elmwood: Participation) -> None:
    make.proceeding(
        elmwood,
        outcome="suspended",
        decided_on=date(2026, 3, 25),
        effective_on=date(2026, 4, 1),
        suspended_until_on=date(2026, 5, 1),
    )

    read = printed("certificate", elmwood.agency, day)

    assert ("Its participation is suspended on that day." in read) is suspended
    assert ("it has no vote" in read) is suspended


def test_a_certificate_tells_of_the_notice_that_runs(elmwood: Participation) -> None:
    notice_of(elmwood, date(2026, 2, 2))

    assert "Its participation ends on 1 May 2027." in printed("certificate", elmwood.agency)


def test_no_certificate_for_an_agency_that_has_left(elmwood: Participation) -> None:
    notice_of(elmwood, date(2025, 12, 31))

    assert "is a Participating Agency" in printed("certificate", elmwood.agency, date(2026, 4, 30))
    said = refused("certificate", elmwood.agency, date(2026, 5, 1))
    assert "Elmwood Police Department does not participate on 1 May 2026 (withdrawn)" in said
    assert "first day out 1 May 2026 [Agreement §4.A; Bylaws Art. III §10]" in said


def test_no_certificate_before_participation_began(elmwood: Participation) -> None:
    said = refused("certificate", elmwood.agency, date(2021, 3, 9))

    assert "does not participate on 9 March 2021 (prospect)" in said
    assert "participation begins later: 10 March 2021" in said


def test_no_certificate_where_it_is_not_determined_and_it_says_what_is_missing() -> None:
    stint = make.new_member("Foxfield Police Department")
    Participation.objects.filter(pk=stint.pk).update_with_history(
        execution=make.execution(stint.agency, None, edition="amended")
    )

    said = refused("certificate", stint.agency)

    assert "is not determined" in said
    assert "Missing: " in said


# --- The acknowledgement ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received_on", "last_day", "first_day_out"),
    [
        pytest.param(date(2025, 12, 31), "30 April 2026", "1 May 2026", id="31 December: the next 1 May"),
        pytest.param(date(2026, 1, 1), "30 April 2027", "1 May 2027", id="1 January: 1 May of the year after"),
        pytest.param(date(2026, 4, 30), "30 April 2027", "1 May 2027", id="the eve of 1 May: a year more"),
        pytest.param(date(2026, 5, 1), "30 April 2027", "1 May 2027", id="1 May itself"),
    ],
)
def test_the_acknowledgement_gives_the_days_and_the_arithmetic(
    received_on: date, last_day: str, first_day_out: str, elmwood: Participation
) -> None:
    notice = notice_of(elmwood, received_on)

    read = printed("acknowledgement", notice, received_on)

    for part in (
        "Ada Stone, Chief of Police Elmwood Police Department 12 Oak Street Elmwood, Illinois 60001",
        "Dear Ada Stone:",
        f"Its participation ends on {first_day_out}; {last_day} is its last day.",
        "Date of the letter not dated",
        f"First day out under this notice {first_day_out}",
        f"Received in {received_on.year}, so participation ends on {first_day_out}",
        "Agreement §4.A; Bylaws Art. III §10",
        f"What happens on {first_day_out}",
        "Its place in Emergency Services Team ends",
        "What stays owed: dues, cost requests, claims and shares already owed remain owed",
    ):
        assert part in read, part


def test_a_letter_dated_in_one_year_and_received_in_the_next_counts_from_its_receipt(elmwood: Participation) -> None:
    notice = notice_of(elmwood, date(2026, 1, 2), dated_on=date(2025, 12, 30))

    read = printed("acknowledgement", notice)

    assert "Date of the letter 30 December 2025" in read
    assert "The letter is dated 30 December 2025; the day it was received governs" in read
    assert "Its participation ends on 1 May 2027" in read


def test_a_second_notice_while_one_runs_changes_nothing(elmwood: Participation) -> None:
    notice_of(elmwood, date(2025, 11, 3))
    second = notice_of(elmwood, date(2026, 1, 5))

    read = printed("acknowledgement", second, date(2026, 1, 6))

    assert "Its participation ends on 1 May 2026" in read
    assert "A notice received on 3 November 2025 already runs; the second changes nothing" in read


def test_a_rescinded_notice_has_no_effect_from_the_day_it_was_let_go(elmwood: Participation) -> None:
    notice = rescind_notice(notice=notice_of(elmwood, date(2025, 12, 31)), decided_on=date(2026, 3, 2))

    before = printed("acknowledgement", notice, date(2026, 3, 1))
    after = printed("acknowledgement", notice, date(2026, 3, 2))

    assert "Its participation ends on 1 May 2026" in before
    assert "rescinded" not in before
    assert "On 2 March 2026 the Board agreed to let it go. The notice has no effect" in after
    assert "Notice rescinded 2 March 2026" in after
    assert "What happens on" not in after


def test_an_ending_that_comes_first_is_said(elmwood: Participation) -> None:
    notice = notice_of(elmwood, date(2026, 1, 5))
    Participation.objects.filter(pk=elmwood.pk).update_with_history(terminated_on=date(2026, 4, 15))

    read = printed("acknowledgement", TerminationNotice.objects.get(pk=notice.pk))

    assert "participation is terminated as of 15 April 2026" in read
    assert "before this notice could end it on 1 May 2027" in read
    assert "What happens on 15 April 2026" in read


def test_after_the_day_the_ending_is_told_as_past(elmwood: Participation) -> None:
    notice = notice_of(elmwood, date(2025, 12, 31))

    assert "Until then it remains" in printed("acknowledgement", notice, date(2026, 4, 30))
    assert "Its participation ended on 1 May 2026" in printed("acknowledgement", notice, date(2026, 5, 1))


def test_a_notice_cannot_be_acknowledged_before_it_came_in(elmwood: Participation) -> None:
    said = refused("acknowledgement", notice_of(elmwood, date(2026, 2, 2)), date(2026, 2, 1))

    assert said == (
        "On 1 February 2026 this notice had not come in: it was received on 2 February 2026. "
        "Choose that day or a later one (Agreement §4.A)."
    )


def test_a_chief_who_is_not_recorded_is_addressed_by_office() -> None:
    stint = make.new_member("Foxfield Police Department")

    read = printed("acknowledgement", notice_of(stint, date(2026, 2, 2)))

    assert "Commanding Officer Foxfield Police Department" in read
    assert "Dear Commanding Officer:" in read


# --- The roster ------------------------------------------------------------------------------------------------------


def test_the_roster_lists_the_active_by_county_and_the_others_apart(elmwood: Participation) -> None:
    both = make.original_member("Barrow Police Department", "Lake", "Cook", joined=date(2020, 1, 6))
    Participation.objects.filter(pk=both.pk).update_with_history(
        settlement="remains", settled_on=date(2020, 1, 6), settled_because="so decided"
    )
    notice_of(elmwood, date(2026, 2, 2))
    away = make.new_member("Dunmere Police Department")
    make.proceeding(away, outcome="suspended", decided_on=date(2026, 4, 1), effective_on=date(2026, 4, 2))
    unsure = make.new_member("Foxfield Police Department")
    Participation.objects.filter(pk=unsure.pk).update_with_history(
        execution=make.execution(unsure.agency, None, edition="amended")
    )
    make.agency("Glenharrow Police Department")

    read = printed("roster", None)

    for part in (
        "Active agencies 2, of which 1 with notice pending",
        "Suspended 1",
        "Not determined 1",
        "2 of 2 Bylaws Art. XIII §2",
        "Cook County (2)",
        "Elmwood Police Department Ada Stone, Chief of Police",
        "EST Notice pending, ends 1 May 2027",
        "Not determined is neither yes nor no",
        "Also in Lake County",
        "Dunmere Police Department Suspended from 2 April 2026",
        "Foxfield Police Department",
    ):
        assert part in read, part
    assert read.index("Cook County (2)") < read.index("Barrow") < read.index("Elmwood") < read.index("Dunmere")
    assert "Lake County (" not in read
    assert "Glenharrow" not in read


@pytest.mark.parametrize(
    ("active", "unsure", "said"),
    [
        pytest.param(2, 0, "2 of 2", id="more than half of two is two"),
        pytest.param(3, 0, "2 of 3", id="more than half of three is two"),
        pytest.param(2, 1, "2 of 2 Bylaws", id="one not determined does not change it"),
        pytest.param(
            3, 1, "2 of 3, and up to 3 if those not determined are active", id="one not determined changes it"
        ),
    ],
)
def test_the_quorum_says_when_it_depends_on_the_agencies_not_determined(active: int, unsure: int, said: str) -> None:
    for _ in range(active):
        make.new_member()
    for _ in range(unsure):
        stint = make.new_member()
        Participation.objects.filter(pk=stint.pk).update_with_history(
            execution=make.execution(stint.agency, None, edition="amended")
        )

    pdf = print_letter(LETTERS["roster"], None, DAY)

    first = pypdf.PdfReader(BytesIO(pdf)).pages[0].extract_text()
    assert said in " ".join(first.split())


def test_a_place_in_a_team_ends_with_the_stint_that_held_it() -> None:
    first = make.new_member("Elmwood Police Department", joined=date(2020, 1, 6))
    make.in_team(first)
    notice_of(first, date(2021, 2, 2))
    again = Participation.objects.create(
        agency=first.agency,
        number=2,
        path="new",
        approval=make.approval(first.agency, date(2024, 1, 8), edition="amended"),
        execution=make.execution(first.agency, date(2024, 1, 8), edition="amended"),
        board_approved_on=date(2024, 1, 8),
        dues_required=False,
    )

    assert "EST" not in printed("roster", None)
    make.in_team(again, elected_on=date(2024, 2, 5))
    assert "EST" in printed("roster", None)


def test_an_empty_register_has_a_roster_too() -> None:
    read = printed("roster", None)

    assert "No agency is known to be active on this day." in read
    assert "Quorum" not in read


def test_the_roster_asks_the_same_number_of_questions_for_one_agency_and_for_many(
    django_assert_max_num_queries: Any, elmwood: Participation
) -> None:
    build = LETTERS["roster"].build
    with django_assert_max_num_queries(7) as one:
        build(None, DAY)
    for _ in range(20):
        make.official(make.new_member().agency)
    with django_assert_max_num_queries(len(one.captured_queries)):
        build(None, DAY)
