"""Legal acts through their pages: the effect beforehand, the boundaries, and what is refused in words with nothing lost."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents.models import Paper
from membership import services
from membership.models import AgreementVersion, Participation, Proceeding, TerminationNotice
from tests.membership import factories as make
from tests.membership.test_screens import page_of, signed_in, text

pytestmark = pytest.mark.django_db

ADD_NOTICE = "admin:membership_terminationnotice_add"


def pdf() -> SimpleUploadedFile:
    """One blank page."""
    content, paper = BytesIO(), pikepdf.new()
    paper.add_blank_page()
    paper.save(content)
    return SimpleUploadedFile("notice.pdf", content.getvalue(), "application/pdf")


def act(record: Any, slug: str) -> str:
    return reverse(f"admin:membership_{record._meta.model_name}_{slug}", args=[record.pk])


def notice(stint: Participation, received_on: str, **typed: Any) -> dict[str, Any]:
    return {"agency": stint.agency_id, "received_on": received_on, "received_by": "office", **typed}


# --- Termination Notices ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received_on", "ends"),
    [
        pytest.param("2025-12-31", "1 May 2026", id="received on the last day of a year"),
        pytest.param("2026-01-01", "1 May 2027", id="received on the first day of a year"),
        pytest.param("4/30/2026", "1 May 2027", id="received the day before 1 May"),
        pytest.param("5/1/2026", "1 May 2027", id="received on 1 May"),
    ],
)
def test_the_effect_of_a_notice_is_seen_before_it_is_recorded(received_on: str, ends: str) -> None:
    stint = make.original_member("Alder Police Department")
    make.in_team(stint)
    client, url = signed_in("System Manager"), reverse(ADD_NOTICE)
    seen = text(client.post(url, {**notice(stint, received_on), "preview": "1"}))
    assert f"What will happen on {ends}" in seen
    assert "Emergency Services Team ends" in seen
    assert "owed remain owed" in seen
    assert not TerminationNotice.objects.exists()
    recorded = text(client.post(url, {**notice(stint, received_on), "record": "1"}, follow=True))
    assert f"Its participation ends on {ends}, the first day out." in recorded
    kept = TerminationNotice.objects.get()
    assert reverse("membership:letter", args=["acknowledgement", kept.pk]) in recorded


def test_the_effect_alone_is_sent_to_the_script() -> None:
    stint = make.original_member("Alder Police Department")
    response = signed_in().post(
        reverse(ADD_NOTICE), {**notice(stint, "2025-12-31"), "preview": "1"}, headers={"X-Effect": "1"}
    )
    assert "1 May 2026" in text(response)
    assert "<html" not in text(response)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        pytest.param({"received_on": "2002-01-01"}, "did not participate yet", id="before it participated"),
        pytest.param({"received_on": ""}, "This field is required", id="no day"),
        pytest.param({"received_on": "12/31/25"}, "leaves the century open", id="two-digit year"),
        pytest.param({"received_on": "2026-02-30"}, "there is no 30 February 2026", id="no such day"),
        pytest.param({"received_on": "2099-01-01"}, "outside the register", id="too far ahead"),
        pytest.param({"received_by": "the cat"}, "Select a valid choice", id="nobody who can receive it"),
        pytest.param({"agency": "nonsense"}, "Choose an agency", id="no agency"),
        pytest.param({"signed_by": "x" * 121}, "at most 120 characters", id="too long a name"),
    ],
)
@pytest.mark.parametrize("button", ["preview", "record"])
def test_a_notice_that_cannot_be_is_refused_in_words(sent: dict[str, str], said: str, button: str) -> None:
    stint = make.original_member("Alder Police Department")
    typed = {**notice(stint, "2026-03-02", signed_by="Mayor Quill", dated_on="2026-02-27"), **sent, button: "1"}
    response = signed_in().post(reverse(ADD_NOTICE), typed)
    assert response.status_code == 200
    assert said in text(response)
    assert typed["signed_by"] in text(response)
    assert not TerminationNotice.objects.exists()


def test_an_agency_that_has_left_has_nothing_to_withdraw_from() -> None:
    stint = make.original_member("Alder Police Department")
    services.receive_notice(participation=stint, received_on=date(2020, 3, 2))
    for button in ("preview", "record"):
        response = signed_in().post(reverse(ADD_NOTICE), {**notice(stint, "2026-03-02"), button: "1"})
        assert "has already left: its participation ended on 1 May 2021" in text(response)
    assert TerminationNotice.objects.count() == 1


def test_an_agency_that_never_participated_has_nothing_to_withdraw_from() -> None:
    of = make.agency("Elm Police Department")
    response = signed_in().post(
        reverse(ADD_NOTICE), {"agency": of.pk, "received_on": "2026-03-02", "received_by": "office", "record": "1"}
    )
    assert "has never participated" in text(response)


def test_a_second_notice_changes_nothing_and_says_so_beforehand() -> None:
    stint = make.original_member("Alder Police Department")
    services.receive_notice(participation=stint, received_on=date(2025, 12, 30))
    client = signed_in()
    seen = text(client.post(reverse(ADD_NOTICE), {**notice(stint, "2026-01-05"), "preview": "1"}))
    assert "the second changes nothing" in seen
    client.post(reverse(ADD_NOTICE), {**notice(stint, "2026-01-05"), "record": "1"})
    stint.refresh_from_db()
    assert stint.withdrawn_on == date(2026, 5, 1)


def test_the_same_notice_twice_is_refused_in_words() -> None:
    stint = make.original_member("Alder Police Department")
    services.receive_notice(participation=stint, received_on=date(2026, 3, 2))
    response = signed_in().post(reverse(ADD_NOTICE), {**notice(stint, "2026-03-02"), "record": "1"})
    assert "already recorded" in text(response)


def test_a_notice_is_filed_with_its_scan_and_the_scan_is_kept_while_one_looks() -> None:
    stint = make.original_member("Alder Police Department")
    client, url = signed_in("System Manager"), reverse(ADD_NOTICE)
    seen = client.post(url, {**notice(stint, "2026-03-02", scan=pdf()), "preview": "1"})
    assert not Paper.objects.exists()
    assert "is kept" in text(seen)
    token = text(seen).partition('name="scan-kept" value="')[2].partition('"')[0]
    client.post(url, {**notice(stint, "2026-03-02"), "scan-kept": token, "record": "1"})
    kept = TerminationNotice.objects.get()
    assert kept.scan is not None
    assert kept.scan.received_on == date(2026, 3, 2)


def test_a_page_that_calls_itself_pdf_is_no_scan() -> None:
    stint = make.original_member("Alder Police Department")
    scan = SimpleUploadedFile("notice.pdf", b"<!doctype html><p>hello", "application/pdf")
    response = signed_in().post(reverse(ADD_NOTICE), {**notice(stint, "2026-03-02", scan=scan), "record": "1"})
    assert "an HTML page" in text(response)
    assert not TerminationNotice.objects.exists()


def test_what_a_notice_did_is_not_typed_over() -> None:
    stint = make.original_member("Alder Police Department")
    kept = services.receive_notice(participation=stint, received_on=date(2026, 3, 2))
    client = signed_in("System Manager")
    version = client.get(page_of(kept)).context["adminform"].form["row_version"].value()
    client.post(
        page_of(kept),
        {"row_version": version, "note": "Called.", "received_on": "2020-01-01", "effective_on": "2020-05-01"},
    )
    kept.refresh_from_db()
    assert (kept.note, kept.received_on, kept.effective_on) == ("Called.", date(2026, 3, 2), date(2027, 5, 1))


@pytest.mark.parametrize(
    ("decided_on", "rescinded"),
    [
        pytest.param("2026-03-01", False, id="before it was received"),
        pytest.param("2026-03-02", True, id="on the day it was received"),
        pytest.param("2027-04-30", True, id="on the last day"),
        pytest.param("2027-05-01", False, id="on the first day out"),
    ],
)
def test_a_notice_is_let_go_only_while_it_runs(decided_on: str, rescinded: bool) -> None:
    stint = make.original_member("Alder Police Department")
    kept = services.receive_notice(participation=stint, received_on=date(2026, 3, 2))
    client = signed_in()
    seen = client.post(act(kept, "rescind"), {"rescinded_on": decided_on, "preview": "1"})
    assert seen.status_code == 200
    client.post(act(kept, "rescind"), {"rescinded_on": decided_on, "record": "1"})
    stint.refresh_from_db()
    assert (stint.withdrawn_on is None) is rescinded


def test_a_mistyped_day_of_receipt_is_corrected_after_its_effect_was_seen() -> None:
    stint = make.original_member("Alder Police Department")
    make.in_team(stint)
    kept = services.receive_notice(participation=stint, received_on=date(2026, 1, 2))
    typed = {"received_on": "12/30/2025", "because": "the stamp on the envelope"}
    client = signed_in()
    seen = text(client.post(act(kept, "correct"), {**typed, "preview": "1"}))
    assert "1 May 2026" in seen
    assert "Emergency Services Team" in seen
    stint.refresh_from_db()
    assert stint.withdrawn_on == date(2027, 5, 1), "seeing the effect records nothing"
    done = text(client.post(act(kept, "correct"), {**typed, "record": "1"}, follow=True))
    assert "The day is corrected. The notice takes effect on 1 May 2026, the first day out." in done
    assert "its place in Emergency Services Team ends" in done.replace("Its place", "its place")


# --- proceedings ------------------------------------------------------------------------------------------------------


def decision(**typed: Any) -> dict[str, Any]:
    return {
        "outcome": "suspended",
        "decided_on": "2026-04-01",
        "votes_for": 8,
        "votes_against": 3,
        "in_office": 11,
        **typed,
    }


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param(decision(votes_for=7), "2/3 is 8", id="one vote short"),
        pytest.param(decision(decided_on="2026-03-19"), "before the hearing of 20 March 2026", id="before the hearing"),
        pytest.param(decision(votes_for=""), "the votes for and the number of Board members", id="no count"),
        pytest.param(
            decision(named_on="2026-03-31"), "before the vote (Reading R20)", id="takes effect before the vote"
        ),
        pytest.param(
            decision(suspended_until_on="2026-04-02"), "The first day back must come after", id="back at once"
        ),
        pytest.param(
            decision(outcome="terminated", suspended_until_on="2026-05-01"), "Only a suspension", id="no way back"
        ),
        pytest.param(decision(votes_for="-1"), "greater than or equal to 0", id="less than nothing"),
        pytest.param(decision(votes_for="10000000000"), "less than or equal to 999", id="more than there are"),
        pytest.param(decision(outcome=""), "This field is required", id="no outcome"),
    ],
)
@pytest.mark.parametrize("button", ["preview", "record"])
def test_a_decision_out_of_order_is_refused_in_words(typed: dict[str, Any], said: str, button: str) -> None:
    case = make.proceeding(make.new_member("Cedar Police Department"))
    response = signed_in().post(act(case, "decide"), {**typed, button: "1"})
    assert response.status_code == 200
    assert said in text(response)
    assert not Proceeding.objects.get().outcome


def test_for_unmet_obligations_the_board_never_suspends() -> None:
    case = make.proceeding(make.new_member("Cedar Police Department"), ground="obligations")
    response = signed_in().post(act(case, "decide"), {**decision(), "record": "1"})
    assert "never suspend" in text(response)


def test_a_suspension_is_seen_then_recorded_then_ended() -> None:
    case = make.proceeding(make.new_member("Cedar Police Department"))
    client = signed_in("System Manager")
    seen = text(client.post(act(case, "decide"), {**decision(), "preview": "1"}))
    assert "2 April 2026" in seen
    assert not Proceeding.objects.get().outcome
    client.post(act(case, "decide"), {**decision(), "record": "1"})
    case.refresh_from_db()
    assert case.effective_on == date(2026, 4, 2)
    too_early = client.post(act(case, "end-suspension"), {"suspended_until_on": "2026-04-02", "record": "1"})
    assert "must come after" in text(too_early)
    client.post(act(case, "end-suspension"), {"suspended_until_on": "2026-05-01", "record": "1"})
    case.refresh_from_db()
    assert case.suspended_until_on == date(2026, 5, 1)


def test_a_termination_shows_what_falls_away_and_ends_the_stint() -> None:
    stint = make.new_member("Cedar Police Department")
    make.in_team(stint)
    case = make.proceeding(stint)
    client = signed_in()
    seen = text(client.post(act(case, "decide"), {**decision(outcome="terminated"), "preview": "1"}))
    assert "Emergency Services Team ends" in seen
    client.post(act(case, "decide"), {**decision(outcome="terminated"), "record": "1"})
    stint.refresh_from_db()
    assert stint.terminated_on == date(2026, 4, 2)


def test_a_proceeding_is_opened_with_its_hearing_after_the_notice() -> None:
    stint = make.new_member("Cedar Police Department")
    typed = {"participation": stint.pk, "ground": "detriment", "opened_on": "2026-03-01", "reason": "x",
             "notified_on": "2026-03-20", "hearing_on": "2026-03-20"}  # fmt: skip
    response = signed_in().post(reverse("admin:membership_proceeding_add"), typed)
    assert "must be notified before the hearing" in text(response)


# --- applications -----------------------------------------------------------------------------------------------------


def test_the_board_cannot_approve_before_the_packet_is_in() -> None:
    request = make.application(make.agency("Dogwood Police Department"))
    client = signed_in()
    for slug in ("approve", "disapprove"):
        response = client.post(act(request, slug), {"decided_on": "2026-03-10", "dues_required": "on", "record": "1"})
        assert "c) copy of the ordinance or resolution" in text(response)
    request.refresh_from_db()
    assert not request.decision


def test_a_vote_taken_all_the_same_is_recorded_out_of_order_and_opens_nothing() -> None:
    request = make.application(make.agency("Dogwood Police Department"))
    response = signed_in().post(
        act(request, "approve"), {"decided_on": "2026-03-10", "out_of_order": "on", "record": "1"}, follow=True
    )
    assert "out of order" in text(response)
    assert not Participation.objects.filter(agency=request.agency).exists()


def test_approval_opens_the_stint_and_dues_begin_it() -> None:
    recommender = make.original_member("Alder Police Department").agency
    request = make.complete_application(make.agency("Dogwood Police Department"), recommender)
    client = signed_in("System Manager")
    typed = {"decided_on": "2026-03-10", "dues_required": "on", "record": "1"}
    assert "the stint is opened" in text(client.post(act(request, "approve"), typed, follow=True))
    stint = Participation.objects.get(agency=request.agency)
    page = page_of(request.agency)
    assert "Applicant" in text(client.get(page + "?on=2026-04-01"))
    client.post(act(stint, "joining-dues"), {"dues_paid_on": "2026-04-02", "record": "1"})
    assert "Standing on 1 April 2026: applicant" in text(client.get(page + "?on=2026-04-01"))
    assert "Standing on 2 April 2026: active" in text(client.get(page + "?on=2026-04-02"))
    assert "cannot be done here" in text(client.get(act(stint, "joining-dues"), follow=True))


def test_the_board_does_not_decide_before_the_letter() -> None:
    recommender = make.original_member("Alder Police Department").agency
    request = make.complete_application(make.agency("Dogwood Police Department"), recommender, date(2026, 2, 2))
    response = signed_in().post(act(request, "take-back"), {"decided_on": "2026-02-01", "record": "1"})
    assert "before the letter of request" in text(response)


def test_an_application_taken_back_is_closed_and_its_packet_no_longer_typed_over() -> None:
    request = make.application(make.agency("Dogwood Police Department"))
    client = signed_in()
    client.post(act(request, "take-back"), {"decided_on": "2026-03-10", "record": "1"})
    request.refresh_from_db()
    assert request.decision == "taken_back"
    form = client.get(page_of(request)).context["adminform"].form
    assert set(form.fields) <= {"note", "row_version", "letter_upload", "recommendation_upload"}


def test_an_agency_does_not_recommend_itself() -> None:
    of = make.agency("Dogwood Police Department")
    response = signed_in().post(
        reverse("admin:membership_application_add"), {"agency": of.pk, "letter_on": "2026-02-02", "recommender": of.pk}
    )
    assert "cannot recommend itself" in text(response)


# --- what a person settles --------------------------------------------------------------------------------------------


def late_joiner() -> Participation:
    version = AgreementVersion.objects.amended()
    version.collective_state, version.collective_on = "known", date(2019, 2, 5)
    version.save()
    return make.original_member("Fir Police Department", joined=date(2018, 9, 1))


def test_a_stint_to_which_the_texts_give_no_ending_is_settled_by_a_person() -> None:
    stint = late_joiner()
    client = signed_in("System Manager")
    assert act(stint, "settle") in text(client.get(page_of(stint)))
    refused = client.post(
        act(stint, "settle"), {"settlement": "ended", "settled_on": "2019-02-06", "settled_because": " "}
    )
    assert refused.status_code == 200
    client.post(
        act(stint, "settle"),
        {"settlement": "ended", "settled_on": "2019-02-06", "settled_because": "the Board so resolved", "record": "1"},
    )
    stint.refresh_from_db()
    assert (stint.settlement, stint.settled_on) == ("ended", date(2019, 2, 6))


@pytest.mark.parametrize("stint", [make.original_member, make.new_member])
def test_where_the_texts_do_give_an_ending_nothing_is_settled(stint: Any) -> None:
    joined = stint("Alder Police Department")
    response = signed_in().get(act(joined, "settle"), follow=True)
    assert "cannot be done here" in text(response)


# --- executions -------------------------------------------------------------------------------------------------------


def test_one_person_does_not_sign_twice() -> None:
    of = make.agency("Alder Police Department")
    typed = {"agency": of.pk, "agreement": make.version("amended").pk, "evidence": "on_file", "head_signed": "on",
             "head_name": "Pat Quill", "chief_signed": "on", "chief_name": "pat quill"}  # fmt: skip
    response = signed_in().post(reverse("admin:membership_execution_add"), typed)
    assert "cannot sign as head and as commanding officer" in text(response)


@pytest.mark.parametrize("slug", ["rescind", "correct", "decide", "choose-date", "settle", "approve"])
def test_who_only_reads_does_no_act(slug: str) -> None:
    stint = make.original_member("Alder Police Department")
    records = {
        "rescind": lambda: services.receive_notice(participation=stint, received_on=date(2026, 3, 2)),
        "correct": lambda: services.receive_notice(participation=stint, received_on=date(2026, 3, 2)),
        "decide": lambda: make.proceeding(stint),
        "choose-date": lambda: make.approval(stint.agency, date(2018, 5, 4), date(2018, 6, 4), edition="amended"),
        "settle": lambda: stint,
        "approve": lambda: make.application(make.agency("Dogwood Police Department")),
    }
    assert signed_in("Auditor").get(act(records[slug](), slug)).status_code == 403
