"""The screens of membership: every page for every role, the same number of queries whatever the rows, words never a 500."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.models import Paper
from membership import services
from membership.models import Agency, AgreementVersion, Approval, ApprovalDate, County, TerminationNotice
from nipas_admin.accounts.roles import ROLES
from nipas_admin.shared.records import Record
from tests.membership import factories as make

pytestmark = pytest.mark.django_db

SCREENS = [model for model in admin.site._registry if model._meta.app_label == "membership"]
RECORDS = [model for model in SCREENS if issubclass(model, Record)]
NAMES = [model._meta.model_name for model in SCREENS]
EVERYBODY = ["superuser", *ROLES]
LAST_OF_YEAR = date(2026, 12, 31)


def one_of_each(number: int = 0) -> Agency:
    """An agency with at least one record of every kind."""
    stint = make.original_member(latitude="42.100000", longitude="-88.100000", city="Cary")
    of = stint.agency
    make.official(of, "chief", f"Pat Chief {number}")
    make.official(of, "head", f"Pat Head {number}")
    make.approval(of, date(2018, 5, 4), date(2018, 6, 4), edition="amended")
    make.execution(of, None, edition="amended")
    services.restate(of)
    make.in_team(stint)
    make.certificate(of)
    make.proceeding(stint)
    recommender = Agency.objects.exclude(pk=of.pk).first()
    make.application(of, recommender=recommender, recommended_on=date(2026, 2, 2) if recommender else None)
    services.receive_notice(participation=stint, received_on=date(2026, 3, 2))
    make.person("Agency Representative", of)
    return of


def signed_in(role: str = "superuser", of: Agency | None = None) -> Client:
    """A browser in which someone of this role has signed in."""
    client = Client()
    client.force_login(make.person(role, of))
    return client


def list_of(name: str) -> str:
    return reverse(f"admin:membership_{name}_changelist")


def page_of(record: Any) -> str:
    return reverse(f"admin:membership_{record._meta.model_name}_change", args=[record.pk])


def text(response: Any) -> str:
    return response.content.decode()


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        response = client.get(url)
    assert response.status_code == 200, url
    return len(asked)


# --- the same number of queries whatever the rows ---------------------------------------------------------------------


def test_no_list_asks_more_of_the_database_for_more_rows() -> None:
    pages = [list_of(name) for name in NAMES if name != "county"] + [reverse("membership:adoption")]
    client = signed_in()

    def counted() -> dict[str, int]:
        for page in pages:
            client.get(page)  # what is asked once and kept, such as content types
        return {page: queries(client, page) for page in pages}

    one_of_each()
    with_one = counted()
    for number in range(1, 21):
        one_of_each(number)
    with_21 = counted()
    for number in range(21, 100):
        one_of_each(number)
    assert Agency.objects.count() == 100
    assert with_21 == with_one
    assert counted() == with_one


def test_the_start_page_asks_no_more_for_more_agencies() -> None:
    client = signed_in("System Manager")
    for number in range(2):
        one_of_each(number)
    few = queries(client, "/")
    for number in range(2, 30):
        one_of_each(number)
    assert queries(client, "/") <= few + 1  # the line that says there are more than are shown


def test_an_agency_page_asks_no_more_for_more_agencies() -> None:
    client, of = signed_in(), one_of_each()
    alone = queries(client, page_of(of))
    for number in range(10):
        one_of_each(number + 1)
    assert queries(client, page_of(of)) == alone


# --- every page, every role -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", EVERYBODY)
def test_every_page_of_every_record_answers_every_role(role: str) -> None:
    of = one_of_each()
    one_of_each(1)
    client = signed_in(role, of if role == "Agency Representative" else None)
    for model in SCREENS:
        name = model._meta.model_name
        record = model._base_manager.first()
        assert record is not None, name
        pages = [list_of(name), reverse(f"admin:membership_{name}_add"), page_of(record)]
        if issubclass(model, Record):
            pages.append(reverse(f"admin:membership_{name}_history", args=[record.pk]))
        for page in pages:
            assert client.get(page).status_code in {200, 302, 403}, f"{page} as {role}"
    for page in (reverse("membership:what_if"), reverse("membership:adoption"), "/"):
        assert client.get(page).status_code in {200, 403}, f"{page} as {role}"


@pytest.mark.parametrize("name", [model._meta.model_name for model in RECORDS])
def test_who_keeps_the_roll_may_open_every_list_and_every_record(name: str) -> None:
    one_of_each()
    client = signed_in("System Manager")
    record = admin.site._registry[next(m for m in RECORDS if m._meta.model_name == name)].model._base_manager.first()
    assert client.get(list_of(name)).status_code == 200
    assert client.get(page_of(record)).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_list_says_so_in_words(name: str) -> None:
    if name in {"county", "agreementversion"}:
        return
    response = text(signed_in().get(list_of(name)))
    assert "list-empty" in response
    assert "None" not in response.split("list-empty")[1][:300]


@pytest.mark.parametrize("page", ["0", "999999", "abc"])
def test_an_agency_that_is_not_there_leads_back_to_the_list(page: str) -> None:
    response = signed_in().get(f"/membership/agency/{page}/change/", follow=True)
    assert response.status_code == 200


def test_a_representative_sees_the_own_agency_and_no_other() -> None:
    own, other = one_of_each(), one_of_each(1)
    client = signed_in("Agency Representative", own)
    assert text(client.get(list_of("agency"))).count(other.name) == 0
    assert client.get(page_of(own)).status_code == 200
    assert client.get(page_of(other)).status_code == 302
    assert client.get(reverse("membership:letter", args=["agreement", other.pk])).status_code == 404
    assert client.get(reverse("membership:letter", args=["roster"])).status_code == 403
    assert client.get(reverse("membership:adoption")).status_code == 403
    notice = TerminationNotice.objects.get(participation__agency=other)
    assert client.get(page_of(notice)).status_code == 302
    assert other.name not in text(client.get("/"))


def test_a_representative_does_no_legal_act() -> None:
    own = one_of_each()
    client = signed_in("Agency Representative", own)
    assert client.get(reverse("admin:membership_terminationnotice_add")).status_code == 403
    approval = own.approvals.filter(agreement__edition="amended").get()
    assert client.get(reverse("admin:membership_approval_choose-date", args=[approval.pk])).status_code == 403
    assert "Record Termination Notice" not in text(client.get(page_of(own)))


# --- the list of agencies ---------------------------------------------------------------------------------------------


def roll_of_six() -> dict[str, Agency]:
    """Active, leaving, suspended, applicant, prospect, and one with undated papers."""
    active = make.original_member("Alder Police Department", "Lake")
    make.in_team(active)
    leaving = make.original_member("Beech Police Department")
    services.receive_notice(participation=leaving, received_on=date(2026, 3, 2))
    suspended = make.new_member("Cedar Police Department")
    services.decide_proceeding(
        proceeding=make.proceeding(suspended),
        outcome="suspended",
        decided_on=date(2026, 4, 1),
        votes_for=8,
        votes_against=1,
        in_office=11,
        suspended_until_on=date(2026, 6, 1),
    )
    applicant = make.agency("Dogwood Sheriff's Office", kind="county")
    make.application(applicant)
    prospect = make.agency("Elm Police Department", public_body="Village of Elm")
    undated = make.original_member("Fir Police Department", city="Fir Park")
    make.approval(undated.agency, date(2018, 5, 4), date(2018, 6, 4), edition="amended", number="44-R-18")
    make.official(active.agency, "chief", "Dana Quill")
    return {
        "active": active.agency,
        "leaving": leaving.agency,
        "suspended": suspended.agency,
        "applicant": applicant,
        "prospect": prospect,
        "undated": undated.agency,
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("on=2026-05-15", {"active", "leaving", "suspended", "applicant", "prospect", "undated"}, id="all"),
        pytest.param("on=2026-05-15&status=active", {"active", "leaving", "undated"}, id="a notice pending is active"),
        pytest.param("on=2026-05-15&status=suspended", {"suspended"}, id="suspended"),
        pytest.param("on=2026-06-01&status=suspended", set(), id="not on the first day back"),
        pytest.param("on=2027-04-30&status=withdrawn", set(), id="still in on the last day"),
        pytest.param("on=2027-05-01&status=withdrawn", {"leaving"}, id="out on 1 May"),
        pytest.param("on=2026-05-15&pending=notice", {"leaving"}, id="notice pending"),
        pytest.param("on=2026-03-01&pending=notice", set(), id="not before it was received"),
        pytest.param("on=2026-05-15&pending=application", {"applicant"}, id="application pending"),
        pytest.param("on=2026-05-15&status=prospect", {"prospect"}, id="prospect"),
        pytest.param("on=2026-05-15&kind__exact=county", {"applicant"}, id="kind"),
        pytest.param("dates=disagree", {"undated"}, id="dates disagree"),
        pytest.param("status=nonsense", set(), id="a status that is none"),
        pytest.param(
            "team=nonsense", {"active", "leaving", "suspended", "applicant", "prospect", "undated"}, id="no team"
        ),
    ],
)
def test_the_list_is_narrowed_as_in_law_on_the_day(query: str, found: set[str]) -> None:
    roll = roll_of_six()
    shown = text(signed_in().get(f"{list_of('agency')}?{query}"))
    table = shown.partition('id="result_list"')[2]
    assert {name for name, of in roll.items() if of.name.replace("'", "&#x27;") in table} == found


@pytest.mark.parametrize("field", ["county", "team"])
def test_the_list_is_narrowed_by_county_and_team(field: str) -> None:
    roll = roll_of_six()
    lake = County.objects.get(name="Lake").pk
    query = {"county": f"counties__id__exact={lake}", "team": f"team={make.team().pk}"}[field]
    table = text(signed_in().get(f"{list_of('agency')}?{query}")).partition('id="result_list"')[2]
    assert {name for name, of in roll.items() if of.name in table} == {"active"}


@pytest.mark.parametrize(
    ("typed", "agency"),
    [
        ("Alder", "active"),
        ("village of elm", "prospect"),
        ("44-R-18", "undated"),
        ("Quill", "active"),
        ("fir park", "undated"),
    ],
)
def test_what_people_remember_opens_the_agency_at_once(typed: str, agency: str) -> None:
    roll = roll_of_six()
    response = signed_in().get(list_of("agency"), {"q": typed, "on": "2026-05-15"})
    assert response.status_code == 302
    assert response["Location"] == page_of(roll[agency]) + "?on=2026-05-15"


def test_a_search_that_fits_several_lists_them() -> None:
    roll_of_six()
    response = signed_in().get(list_of("agency"), {"q": "police"})
    assert response.status_code == 200
    assert "Alder Police Department" in text(response)


def test_a_notice_shows_in_the_list_with_its_day() -> None:
    roll_of_six()
    assert "Notice pending, ends 1 May 2027" in text(signed_in().get(list_of("agency") + "?on=2026-05-15"))


def test_counts_beside_the_filters_can_be_asked_for() -> None:
    roll_of_six()
    assert signed_in().get(list_of("agency") + "?_facets=True").status_code == 200


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_is_exported_as_it_is_narrowed(kind: str) -> None:
    roll_of_six()
    url = reverse("admin:membership_agency_export")
    response = signed_in().get(f"{url}?on=2027-05-01&status=withdrawn&format={kind}")
    assert response.status_code == 200
    if kind == "csv":
        content = response.content.decode("utf-8-sig")
        assert "Beech Police Department" in content
        assert "Alder" not in content


# --- one agency -------------------------------------------------------------------------------------------------------


def test_the_agency_page_says_why_and_what_will_happen() -> None:
    roll = roll_of_six()
    page = text(signed_in().get(page_of(roll["leaving"]) + "?on=2026-05-15"))
    assert "Notice pending, ends 1 May 2027" in page
    assert "Termination Notice received 2 March 2026" in page
    assert "What will happen on 1 May 2027" in page
    assert "This is how it stood, in law, on <strong>15 May 2026</strong>" in page


@pytest.mark.parametrize(
    ("agency", "acts", "not_acts"),
    [
        ("active", ["Record Termination Notice", "Record proceeding"], ["Open an application"]),
        ("leaving", ["Open the Termination Notice"], ["Record Termination Notice"]),
        ("prospect", ["Open an application"], ["Record Termination Notice", "Record proceeding"]),
        ("applicant", ["Open the application"], ["Open an application", "Record Termination Notice"]),
    ],
)
def test_only_the_acts_that_make_sense_are_offered(agency: str, acts: list[str], not_acts: list[str]) -> None:
    of = roll_of_six()[agency]
    page = text(signed_in("System Manager").get(page_of(of) + "?on=2026-05-15"))
    buttons = page.partition('class="acts"')[2].partition("</div>")[0]
    assert all(act in buttons for act in acts), buttons
    assert not any(act in buttons for act in not_acts), buttons


def test_who_only_reads_is_offered_no_act() -> None:
    of = roll_of_six()["active"]
    page = text(signed_in("Auditor").get(page_of(of)))
    assert "Record " not in page.partition('id="content-main"')[0].partition("<h1>")[2]
    assert "Change these details" not in page


def test_a_wrong_agency_form_keeps_what_was_typed_and_says_why() -> None:
    of = one_of_each()
    client = signed_in()
    form = client.get(page_of(of)).context["adminform"].form
    typed = {name: form[name].value() or "" for name in form.fields}
    typed |= {"ori": "WI0000001", "city": "Kenosha", "counties": [c.pk for c in of.counties.all()]}
    response = client.post(page_of(of), typed)
    assert response.status_code == 200
    assert "begins with IL" in text(response)
    assert "Kenosha" in text(response)
    assert '<details class="change-details" open>' in text(response)


# --- an Approval and its dates ----------------------------------------------------------------------------------------


def approval_form(of: Agency, *dates: tuple[str, str], **typed: Any) -> dict[str, Any]:
    """What the form of an Approval sends: each date as event and day."""
    rows: dict[str, Any] = {"dates-TOTAL_FORMS": len(dates), "dates-INITIAL_FORMS": 0}
    for number, (event, day) in enumerate(dates):
        rows |= {f"dates-{number}-event": event, f"dates-{number}-on": day, f"dates-{number}-evidence": "on_file"}
    amended = make.version("amended").pk
    return (
        {"agency": of.pk, "agreement": amended, "kind": "ordinance", "approves": "on", "evidence": "on_file"}
        | rows
        | typed
    )


def test_recording_an_ordinance_leads_back_to_the_agency_and_counts_at_once() -> None:
    stint = make.original_member("Alder Police Department")
    client = signed_in("System Manager")
    response = client.post(
        reverse("admin:membership_approval_add"),
        approval_form(stint.agency, ("adopted", "5/4/2018"), number="ORD-18-1868"),
    )
    assert response.status_code == 302
    assert response["Location"] == page_of(stint.agency)
    stint.refresh_from_db()
    assert stint.amended_approval is not None
    assert stint.amended_approval.when.day == date(2018, 5, 4)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        pytest.param("02/30/2018", "there is no 30 February 2018", id="no such day"),
        pytest.param("01/02/49", "leaves the century open", id="two-digit year"),
        pytest.param("1850-01-01", "outside the register", id="before the register"),
    ],
)
def test_a_date_that_cannot_be_is_refused_at_its_field_and_nothing_is_lost(day: str, said: str) -> None:
    of = make.original_member("Alder Police Department").agency
    response = signed_in().post(
        reverse("admin:membership_approval_add"), approval_form(of, ("adopted", day), number="ORD-18-1868")
    )
    assert response.status_code == 200
    assert said in text(response)
    assert "ORD-18-1868" in text(response)
    assert day in text(response)
    assert not Approval.objects.filter(number="ORD-18-1868").exists()


def conflicting() -> Approval:
    stint = make.original_member("McHenry Police Department", "McHenry")
    paper = make.approval(stint.agency, date(2018, 6, 4), edition="amended", event="heading", number="ORD-18-1868")
    ApprovalDate.objects.create(approval=paper, event="adopted", on=date(2018, 5, 4), source="text")
    paper.refresh_from_db()
    services.restate(stint.agency)
    return paper


def test_dates_that_disagree_are_flagged_until_a_person_chooses_one_with_a_reason() -> None:
    paper = conflicting()
    client = signed_in("System Manager")
    url = reverse("admin:membership_approval_choose-date", args=[paper.pk])
    page = text(client.get(page_of(paper)))
    assert "Not determined" in page
    assert url in page
    assert "two dates disagree" in text(client.get("/"))
    response = client.post(
        url, {"chosen_on": "2018-06-04", "chosen_because": "the archive is the clerk's"}, follow=True
    )
    assert "now counts from 4 June 2018" in text(response)
    paper.refresh_from_db()
    assert paper.when.day == date(2018, 6, 4)
    assert "two dates disagree" not in text(client.get("/"))


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"chosen_on": "2018-06-04", "chosen_because": "   "}, "chosen_because"),
        ({"chosen_on": "2018-06-05", "chosen_because": "it is so"}, "chosen_on"),
        ({"chosen_because": "it is so"}, "chosen_on"),
        ({"chosen_on": "nonsense", "chosen_because": "it is so"}, "chosen_on"),
    ],
)
def test_a_date_is_chosen_among_those_of_the_sources_and_with_a_reason(sent: dict[str, str], field: str) -> None:
    paper = conflicting()
    response = signed_in().post(reverse("admin:membership_approval_choose-date", args=[paper.pk]), sent)
    assert response.status_code == 200
    assert field in response.context["act"].errors
    paper.refresh_from_db()
    assert paper.chosen_on is None


def test_where_no_dates_disagree_there_is_nothing_to_choose() -> None:
    paper = make.approval(make.agency("Alder Police Department"), date(2018, 5, 4))
    response = signed_in().get(reverse("admin:membership_approval_choose-date", args=[paper.pk]), follow=True)
    assert "cannot be done here as things stand" in text(response)


# --- papers to print --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["agreement", "ordinance", "resolution", "certificate"])
def test_the_papers_of_an_agency_come_as_pdf(kind: str) -> None:
    of = make.original_member("Alder Police Department").agency
    response = signed_in("System Manager").get(reverse("membership:letter", args=[kind, of.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert b"".join(response.streaming_content).startswith(b"%PDF-")


def test_an_issued_paper_is_filed_once_under_a_reference_and_only_by_those_who_file() -> None:
    of = make.original_member("Alder Police Department").agency
    address = reverse("membership:letter", args=["certificate", of.pk]) + "?on=2016-05-01"
    assert signed_in("Auditor").post(address).status_code == 403
    page = signed_in("System Manager").post(address, follow=True)
    filed = Paper.objects.get()
    assert (filed.kind, filed.dated_on) == (Paper.Kind.ISSUED, date(2016, 5, 1))
    assert f"is issued and filed as {filed.reference}" in text(page)
    signed_in("System Manager").get(address)
    assert Paper.objects.count() == 1, "to look at a paper files nothing"


def test_a_notice_is_acknowledged_from_its_own_page_and_from_the_list() -> None:
    stint = make.original_member("Alder Police Department")
    notice = services.receive_notice(participation=stint, received_on=date(2026, 3, 2))
    to_issue = "Issue and file: Acknowledgement of Termination Notice"
    assert to_issue in text(signed_in("System Manager").get(page_of(notice)))
    own = text(signed_in("Agency Representative", stint.agency).get(page_of(notice)))
    assert reverse("membership:letter", args=["acknowledgement", notice.pk]) in own
    assert to_issue not in own
    printed = {"action": "print_acknowledgement", "_selected_action": [notice.pk], "index": 0}
    response = signed_in("System Manager").post(list_of("terminationnotice"), printed)
    assert response["Location"].startswith("/jobs/job/")


def test_a_certificate_that_would_not_be_true_is_refused_in_words() -> None:
    of = make.agency("Alder Police Department")
    response = signed_in().get(reverse("membership:letter", args=["certificate", of.pk]), follow=True)
    assert response.redirect_chain[-1][0] == page_of(of)
    assert "errorlist" in text(response) or 'class="error"' in text(response)


@pytest.mark.parametrize(
    "url", ["/membership/letters/nonsense/1/", "/membership/letters/roster/1/", "/membership/letters/agreement/"]
)
def test_a_paper_that_is_none_is_not_found(url: str) -> None:
    assert signed_in().get(url).status_code == 404


def test_papers_for_a_selection_are_printed_outside_the_request() -> None:
    keys = [make.original_member().agency_id for _ in range(3)]
    response = signed_in("System Manager").post(
        list_of("agency"), {"action": "print_agreement", "_selected_action": keys, "index": 0}
    )
    assert response.status_code == 302
    assert response["Location"].startswith("/jobs/job/")


# --- adoption progress ------------------------------------------------------------------------------------------------


def test_adoption_progress_counts_names_who_is_missing_what_and_draws_it() -> None:
    for number in range(4):
        of = make.original_member(f"Agency {number} Police Department").agency
        if number < 3:
            make.approval(of, date(2018, 6, 10 + number), edition="amended")
        if number < 2:
            make.execution(of, date(2018, 7, 1), edition="amended")
        services.restate(of)
    page = text(signed_in("System Manager").get(reverse("membership:adoption") + "?on=2018-12-31"))
    assert "3 of 4" in page
    assert "2 of 4" in page
    assert "reached 12 June 2018" in page
    assert "not reached yet" in page
    assert "<svg" in page
    table = page.partition('id="missing"')[2]
    assert "Agency 2 Police Department" in table
    assert "Agency 3 Police Department" in table
    assert "Agency 0 Police Department" not in table
    only = text(signed_in("System Manager").get(reverse("membership:adoption") + "?on=2018-12-31&missing=Approval"))
    assert "Agency 2 Police Department" not in only.partition("<tbody>")[2]
    assert "Agency 3 Police Department" in only.partition("<tbody>")[2]


@pytest.mark.parametrize("query", ["", "?on=nonsense", "?on=0001-01-01", "?missing=%00", "?missing=nonsense"])
def test_adoption_progress_of_an_empty_register_says_so(query: str) -> None:
    page = text(signed_in().get(reverse("membership:adoption") + query))
    assert "No Approval or Execution of the amended agreement has a known day yet" in page


def test_the_collective_date_is_said_as_it_is_known() -> None:
    version = AgreementVersion.objects.amended()
    version.collective_state, version.collective_not_before_on = "happened", date(2018, 7, 1)
    version.save()
    assert "its day is not known" in text(signed_in().get(reverse("membership:adoption")))


# --- what if ----------------------------------------------------------------------------------------------------------


def test_what_if_shows_the_first_day_out_and_records_nothing() -> None:
    of = make.original_member("Alder Police Department").agency
    url = reverse("membership:what_if")
    page = text(signed_in("Board Member").get(url, {"agency": of.pk, "received_on": "2026-12-31"}))
    assert "1 May 2027" in page
    assert "What will happen on 1 May 2027" in page
    later = text(signed_in("Board Member").get(url, {"agency": of.pk, "received_on": "2027-01-01"}))
    assert "1 May 2028" in later
    assert not TerminationNotice.objects.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"agency": "", "received_on": "2026-12-31"}, "This field is required"),
        ({"agency": "nonsense", "received_on": "2026-12-31"}, "Choose an agency"),
        ({"agency": "99999999999999999999", "received_on": "2026-12-31"}, "Choose an agency"),
        ({"agency": "prospect", "received_on": "2026-12-31"}, "has never participated"),
        ({"agency": "member", "received_on": "31 dec"}, "is not a day"),
        ({"agency": "member", "received_on": "1990-01-01"}, "did not participate yet"),
    ],
)
def test_what_if_answers_bad_input_in_words(sent: dict[str, str], said: str) -> None:
    known = {"prospect": make.agency("Elm Police Department").pk, "member": make.original_member().agency_id}
    asked = {**sent, "agency": known.get(sent["agency"], sent["agency"])}
    response = signed_in().get(reverse("membership:what_if"), asked)
    assert response.status_code == 200
    assert said in text(response)


# --- what is no key ---------------------------------------------------------------------------------------------------

NO_KEYS = ["nonsense", "99999999999999999999", "-1", "1.5", "\x00", "١"]


@pytest.mark.parametrize("junk", NO_KEYS)
def test_what_is_no_record_is_refused_in_words_wherever_a_record_is_chosen(junk: str) -> None:
    client, add = signed_in(), reverse("admin:membership_approval_add")
    assert client.get(add, {"agency": junk}).status_code == 200
    of = make.agency("Alder Police Department")
    response = client.post(add, {**approval_form(of), "agency": junk, "agreement": junk, "rescinds": junk})
    assert response.status_code == 200
    assert {"agency", "agreement", "rescinds"} <= set(response.context["adminform"].form.errors)
    response = client.post(
        reverse("admin:membership_agency_add"), {"name": "X", "kind": "municipal", "counties": [junk]}
    )
    assert response.status_code == 200
    assert "counties" in response.context["adminform"].form.errors
