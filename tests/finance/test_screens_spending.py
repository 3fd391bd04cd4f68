"""Disbursements, costs, claims and property as those who work with them see them; who may do what, and who is told why."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO

import pikepdf
import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from board.models import Motion
from documents.access import papers_visible_to
from documents.services import file_scan
from finance import services
from finance.models import Claim, ClaimCost, CostRequest, Custody, Disbursement, DisbursementReport, PropertyItem
from finance.rules.spending import Step, step_of
from finance.spending_start import SpendingStart
from nipas_admin.accounts import roles
from tests.board import factories as board
from tests.finance import factories as make
from tests.membership.factories import person

pytestmark = pytest.mark.django_db

ASKED, REVIEWED, APPROVED, PAID = (date(2026, 5, day) for day in (4, 6, 8, 11))
LIST = "/finance/disbursement/"


class Office:
    """One person of each role, signed in."""

    def __init__(self):
        self.people = {}

    def __getitem__(self, role):
        if role not in self.people:
            who = person(role)
            client = Client()
            client.force_login(who)
            self.people[role] = who, client
        return self.people[role][1]

    def who(self, role):
        self[role]
        return self.people[role][0]


MANAGER, COORDINATOR, TREASURER = roles.SYSTEM_MANAGER, roles.TEAM_COORDINATOR, roles.TREASURER


@pytest.fixture
def office(year):
    make.policy()
    make.bank()
    return Office()


def text_of(answer):
    return " ".join(unescape(strip_tags(answer.content.decode())).split())


def asked(office, amount="250.00", by=COORDINATOR, **more):
    known = {"payee": "Signal & Radio Supply", "purpose": "Batteries", "category": make.category(), **more}
    return services.request_disbursement(
        amount=Decimal(amount), requested_by=office.who(by), requested_on=ASKED, **known
    )


def reviewed(office, **more):
    row = asked(office, **more)
    services.review(disbursement=row, by=office.who(MANAGER), on=REVIEWED)
    return row


def approved(office, **more):
    row = reviewed(office, **more)
    services.approve(disbursement=row, by=office.who(TREASURER), on=APPROVED)
    return row


def paid(office, number="1001", **more):
    row = approved(office, **more)
    services.pay(
        disbursement=row, institution=make.bank(), paid_on=PAID, check_number=number, signed_by=office.who(TREASURER)
    )
    return row


def paid_and_met(office):
    row = paid(office)
    board.board(1)
    board.opened("board", on=PAID)
    return row


def declined(office):
    row = asked(office)
    services.decline(disbursement=row, by=office.who(TREASURER), on=PAID, because="No purpose of NIPAS")
    return row


def reported(office):
    row = paid(office)
    board.board(1)
    services.report_to_board(payments=services.to_report(), meeting=board.opened("board"), by=office.who(TREASURER))
    return row


def page(client, row):
    return client.get(f"{LIST}{row.pk}/change/")


def act(client, row, slug, **sent):
    return client.post(f"{LIST}{row.pk}/{slug}/", sent, follow=True)


def step(row):
    return step_of(Disbursement.objects.with_course().get(pk=row.pk).course)


# --- From the request to the Board ----------------------------------------------------------------------------------------


def test_five_people_take_a_disbursement_from_the_request_to_the_board(office):
    sent = {"nature": "purchase", "payee": "Midland Protective", "purpose": "Helmets", "amount": "$1,234.50",
            "fund": make.fund().pk, "category": make.category("Equipment").pk, "on": "5/4/2026"}  # fmt: skip
    answer = office[COORDINATOR].post(f"{LIST}add/", sent, follow=True)
    row = Disbursement.objects.get()
    assert f"{row.reference} is asked for. It waits for the review" in text_of(answer)
    assert (row.amount, row.requested_by) == (Decimal("1234.50"), office.who(COORDINATOR))

    assert "is reviewed. The Treasurer approves it" in text_of(act(office[MANAGER], row, "review", on="5/6/2026"))
    treasurer = office[TREASURER]
    assert "is approved. Write the check" in text_of(act(treasurer, row, "approve", on="5/8/2026"))
    check = {"institution": make.bank().pk, "paid_on": "5/11/2026", "method": "check", "check_number": "1001"}
    assert "is paid: $1,234.50" in text_of(act(treasurer, row, "pay", **check))

    board.board(1)
    meeting = board.opened("board")
    form = treasurer.get("/finance/disbursementreport/add/").context["act"]
    [payment] = services.to_report()
    assert (form.initial["meeting"], form.initial["payments"]) == (meeting.pk, [payment.pk])
    done = treasurer.post(
        "/finance/disbursementreport/add/", {"meeting": meeting.pk, "payments": [payment.pk]}, follow=True
    )
    assert "1 disbursement of $1,234.50 reported to the Board meeting, 20 May 2026" in text_of(done)
    assert step(row) is Step.REPORTED
    stages = page(office[roles.BOARD_MEMBER], row).context["stages"]
    assert [(stage.title, stage.look, stage.when) for stage in stages] == [
        ("Asked for", "done", "4 May 2026"), ("Reviewed", "done", "6 May 2026"), ("Approved", "done", "8 May 2026"),
        ("Paid", "done", "11 May 2026"), ("Reported", "done", "20 May 2026"),
    ]  # fmt: skip
    assert [stage.under for stage in stages[1:3]] == [str(make.policy())] * 2


# --- Who is offered what ----------------------------------------------------------------------------------------------------

ATTACH = "Attach the invoice"
OFFERED = [
    pytest.param(asked, MANAGER, ["Record the review", ATTACH, "Decline"], id="the System Manager, asked for"),
    pytest.param(asked, COORDINATOR, [ATTACH, "Correct the request", "Decline"], id="whoever asked for it"),
    pytest.param(asked, TREASURER, [ATTACH, "Correct the request", "Decline"], id="the Treasurer, asked for"),
    pytest.param(reviewed, MANAGER, [ATTACH], id="the System Manager, reviewed"),
    pytest.param(reviewed, TREASURER, ["Approve", ATTACH, "Decline"], id="the Treasurer, reviewed"),
    pytest.param(approved, TREASURER, ["Record the payment", ATTACH, "Decline"], id="the Treasurer, approved"),
    pytest.param(paid, TREASURER, [ATTACH, "Void the check"], id="the Treasurer, paid"),
    pytest.param(
        paid_and_met,
        TREASURER,
        ["Report to the Board", ATTACH, "Void the check"],
        id="the Treasurer, the Board met since",
    ),
    pytest.param(reported, TREASURER, [ATTACH, "Void the check"], id="the Treasurer, reported"),
    pytest.param(declined, TREASURER, [], id="the Treasurer, declined"),
    pytest.param(asked, roles.BOARD_MEMBER, [], id="a Board Member"),
    pytest.param(asked, roles.AUDITOR, [], id="an Auditor"),
    pytest.param(asked, roles.SECRETARY, [], id="the Secretary"),
]


@pytest.mark.parametrize(("done", "role", "buttons"), OFFERED)
def test_each_is_offered_the_acts_that_are_theirs_as_it_stands(office, done, role, buttons):
    found = page(office[role], done(office))
    assert [button.label for button in found.context["buttons"]] == buttons


@pytest.mark.parametrize(
    ("done", "role", "question", "why"),
    [
        pytest.param(
            lambda office: asked(office, by=MANAGER), MANAGER, "May you review it?",
            "it is not reviewed by whoever asked for it: another person does this", id="a reviewer who asked for it",
        ),
        pytest.param(
            lambda office: asked(office, payee_user=office.who(MANAGER)), MANAGER, "May you review it?",
            "it is not reviewed by the person who is paid", id="a reviewer who is paid",
        ),
        pytest.param(
            lambda office: reviewed(office, by=TREASURER), TREASURER, "May you approve it?",
            "it is not approved by whoever asked for it", id="a Treasurer who asked for it",
        ),
        pytest.param(asked, roles.BOARD_MEMBER, "Next", "the System Manager or a Team Coordinator reviews it",
                     id="a Board Member: whose it is"),
        pytest.param(approved, MANAGER, "Next", "the Treasurer signs the check", id="the System Manager: whose it is"),
    ],
)  # fmt: skip
def test_who_may_not_take_the_step_is_told_why_or_whose_it_is(office, done, role, question, why):
    said = text_of(page(office[role], done(office)))
    assert question in said
    assert why in said


REFUSED = [
    pytest.param("review", TREASURER, asked, id="a review by the Treasurer"),
    pytest.param("approve", MANAGER, reviewed, id="an approval by the System Manager"),
    pytest.param("pay", MANAGER, approved, id="a check by the System Manager"),
    pytest.param("void", COORDINATOR, paid, id="a void check by a coordinator"),
    pytest.param("review", roles.BOARD_MEMBER, asked, id="a review by a Board Member"),
    pytest.param("correct", roles.AUDITOR, asked, id="a correction by an Auditor"),
    pytest.param("change", TREASURER, asked, id="typing over by the Treasurer"),
    pytest.param("change", roles.SECRETARY, asked, id="typing over by the Secretary"),
]


@pytest.mark.parametrize(("slug", "role", "done"), REFUSED)
def test_what_is_not_theirs_is_closed_to_them(office, slug, role, done):
    row = done(office)
    before = step(row)
    answer = office[role].post(f"{LIST}{row.pk}/{slug}/", {"on": "5/11/2026", "payee": "Somebody"})
    assert answer.status_code == 403
    assert (step(row), Disbursement.objects.get().payee) == (before, row.payee)


def test_what_a_permission_alone_would_allow_is_refused_in_words(office):
    row = asked(office)
    answer = act(office[MANAGER], row, "correct", nature="purchase", payee="Somebody", purpose="-", amount="1.00",
                 fund=make.fund().pk, category=make.category().pk)  # fmt: skip
    assert "It is corrected by whoever asked for it, or by the Treasurer" in text_of(answer)
    answer = act(office[roles.BOARD_MEMBER], row, "decline", on="5/6/2026", because="I do not like it")
    assert "It is declined by the Treasurer, or before the review by those who review it" in text_of(answer)
    assert step(row) is Step.REQUESTED


def test_a_day_that_has_not_come_and_a_step_out_of_turn_are_refused(office):
    row = asked(office)
    ahead = (date.today() + timedelta(days=400)).isoformat()  # noqa: DTZ011, TID251 - ahead of whatever day it is
    assert "has not come yet" in text_of(act(office[MANAGER], row, "review", on=ahead))
    assert "“Approve” cannot be done here as things stand" in text_of(act(office[TREASURER], row, "approve"))
    assert "this comes then or later" in text_of(act(office[MANAGER], row, "review", on="5/3/2026"))


def test_the_treasurer_enters_a_bill_for_whoever_asks_and_others_ask_for_themselves(office):
    asker = office.who(COORDINATOR)
    form = office[TREASURER].get(f"{LIST}add/").context["act"]
    assert asker in form.fields["requested_by"].queryset
    assert "requested_by" not in office[MANAGER].get(f"{LIST}add/").context["act"].fields
    sent = {"nature": "purchase", "payee": "Insurer", "purpose": "Policy", "amount": "10", "fund": make.fund().pk,
            "category": make.category().pk, "on": "5/4/2026"}  # fmt: skip
    assert "requested_by" in office[TREASURER].post(f"{LIST}add/", sent).context["act"].errors
    office[TREASURER].post(f"{LIST}add/", {**sent, "requested_by": asker.pk})
    assert Disbursement.objects.get().requested_by == asker
    office[MANAGER].post(f"{LIST}add/", {**sent, "requested_by": asker.pk})
    assert Disbursement.objects.order_by("pk").last().requested_by == office.who(MANAGER)


def scan():
    content, paper = BytesIO(), pikepdf.new()
    paper.add_blank_page()
    paper.save(content)
    return SimpleUploadedFile("invoice.pdf", content.getvalue(), "application/pdf")


def test_the_invoice_is_attached_once(office):
    row = asked(office)
    upload = scan()
    assert "The invoice is on file" in text_of(act(office[COORDINATOR], row, "attach", voucher_upload=upload))
    assert Disbursement.objects.get().voucher is not None
    assert "cannot be done here" in text_of(act(office[COORDINATOR], row, "attach", voucher_upload=scan()))


def test_the_number_after_the_last_check_is_offered(office):
    paid(office, number="1041")
    form = office[TREASURER].get(f"{LIST}{approved(office).pk}/pay/").context["act"]
    assert (form.initial["check_number"], form.initial["institution"]) == ("1042", make.bank().pk)


def test_a_void_check_stays_on_the_page(office):
    row = paid(office)
    act(office[TREASURER], row, "void", on="5/12/2026", because="Lost in the mail")
    said = text_of(page(office[roles.AUDITOR], row))
    assert "Void checks" in said
    assert "Lost in the mail" in said
    assert step(row) is Step.APPROVED


# --- Finding them ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("q=radio", 2, id="payee"),
        pytest.param("q=V2026-0002", 1, id="number"),
        pytest.param("q=1041", 1, id="check number"),
        pytest.param("q=$1,041.50", 1, id="amount"),
        pytest.param("q=V2026-99999999999999999999", 0, id="a number that is none"),
        pytest.param("step=requested", 2, id="step"),
        pytest.param("step=paid", 1, id="another step"),
        pytest.param("step=nonsense", 3, id="no step at all"),
    ],
)
def test_a_disbursement_is_found_by_what_people_remember(office, query, found):
    asked(office)
    asked(office, "1041.50", payee="Academy")
    paid(office, number="1041")
    assert office[roles.BOARD_MEMBER].get(f"{LIST}?{query}").context["cl"].result_count == found


def test_lists_ask_as_much_of_the_database_however_many_their_rows(office, django_assert_max_num_queries):
    def fill(first, last):
        for number in range(first, last):
            asked(office)
            paid(office, number=str(number))
            one, two = board.agencies(2)
            CostRequest.objects.create(aiding=one, stricken=two, submitted_on=ASKED, amount=1, description="-")
            claim = Claim.objects.create(title=f"Claim {number}", stricken=one)
            claim.named.add(one, two)
            ClaimCost.objects.create(claim=claim, kind="defense", on=ASKED, amount=1, text="Counsel")
            item = PropertyItem.objects.create(tag=f"N-{number}", name="Radio")
            Custody.objects.create(item=item, agency=one, custodian="Chief", from_on=ASKED)

    def queries(name):
        with django_assert_max_num_queries(60) as used:
            office[roles.BOARD_MEMBER].get(f"/finance/{name}/")
        return len(used)

    names = ["disbursement", "costrequest", "claim", "propertyitem", "disbursementreport"]
    office[roles.BOARD_MEMBER].get("/")  # what is asked once, whatever the page
    fill(1, 2)
    few = {name: queries(name) for name in names}
    fill(2, 6)
    assert {name: queries(name) for name in names} == few


CLOSED = ["disbursement", "disbursementreport", "claim", "propertyitem"]


@pytest.mark.parametrize("role", [roles.AGENCY_REPRESENTATIVE, roles.TELECOMMUNICATOR])
@pytest.mark.parametrize("name", CLOSED)
def test_what_is_spent_is_closed_to_those_whose_work_it_is_not(year, role, name):
    client = Client()
    client.force_login(person(role, board.agency() if role == roles.AGENCY_REPRESENTATIVE else None))
    assert client.get(f"/finance/{name}/").status_code == 403


EMPTY = ["disbursement", "disbursementreport", "costrequest", "claim", "propertyitem"]


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_list_says_what_would_be_here_and_how_to_begin(office, name):
    answer = office[TREASURER].get(f"/finance/{name}/")
    assert answer.context["cl"].model_admin.empty_list in text_of(answer)


def test_where_nothing_waits_for_a_report_the_page_says_so(office):
    answer = office[TREASURER].get("/finance/disbursementreport/add/", follow=True)
    assert "Nothing waits: all that was paid is reported" in text_of(answer)


# --- The start page -------------------------------------------------------------------------------------------------------


def needs(office, role):
    who = type(office.who(role)).objects.get(pk=office.who(role).pk)
    return [need.title for need in SpendingStart().needs(who, PAID)]


def test_the_start_page_names_to_each_what_waits_for_them(office):
    asked(office)
    asked(office, by=MANAGER)
    reviewed(office)
    approved(office)
    paid(office)

    assert needs(office, MANAGER) == ["1 disbursement waits for your review"]
    assert needs(office, TREASURER) == [
        "1 disbursement waits for your approval", "1 disbursement waits for the check"
    ]  # fmt: skip
    board.board(1)
    board.opened("board")
    assert needs(office, TREASURER)[-1] == "1 disbursement is to be reported to the Board"
    assert needs(office, roles.BOARD_MEMBER) == []
    [figure] = SpendingStart().figures(office.who(roles.BOARD_MEMBER), PAID)
    assert (figure.value, figure.note) == ("4", "2 to review, 1 to approve, 1 to pay")


def test_nobody_is_told_that_what_they_asked_for_themselves_waits_for_them(office):
    asked(office)
    reviewed(office)
    office.who(COORDINATOR).groups.add(Group.objects.get(name=TREASURER))
    assert needs(office, COORDINATOR) == []


# --- Costs between agencies (A 3.E) ---------------------------------------------------------------------------------------


@pytest.fixture
def costs(year):
    aiding, stricken = board.agencies(2)
    return CostRequest.objects.create(
        aiding=aiding, stricken=stricken, submitted_on=ASKED, amount=Decimal("500.00"), description="Overtime"
    )


@pytest.mark.parametrize(
    ("granted", "state"),
    [
        pytest.param("0.00", "Nothing granted", id="nothing"),
        pytest.param("300.00", "Granted in part", id="a part"),
        pytest.param("500.00", "Granted", id="all"),
        pytest.param("500.01", "", id="a cent more than was asked"),
    ],
)
def test_the_stricken_agency_decides_on_costs_at_its_discretion(office, costs, granted, state):
    url = f"/finance/costrequest/{costs.pk}/"
    before = office[TREASURER].get(f"{url}change/")
    assert "Not determined" in text_of(before)
    assert f"the decision of the corporate authorities of {costs.stricken.name}" in text_of(before)
    sent = {"on": "5/11/2026", "granted": granted, "decided_by": "Village board"}
    answer = office[TREASURER].post(f"{url}decide/", sent, follow=True)
    costs.refresh_from_db()
    if not state:
        assert "$500.00 was asked: no more is granted" in text_of(answer)
        assert costs.decided_on is None
        return
    assert answer.context["status_label"] == state
    may_pay = [button.label for button in answer.context["buttons"]]
    assert may_pay == ([] if granted == "0.00" else ["Record that it was paid"])


def test_what_was_granted_is_paid_after_the_decision_and_once(office, costs, said):
    assert "Nothing was granted" in said(services.pay_costs, request=costs, on=PAID)
    known = {"on": REVIEWED, "granted": Decimal("300.00"), "decided_by": "Village board"}
    assert "which corporate authorities" in said(services.decide_costs, request=costs, **{**known, "decided_by": " "})
    assert "after it was submitted" in said(
        services.decide_costs, request=costs, **{**known, "on": ASKED - timedelta(days=1)}
    )
    services.decide_costs(request=costs, **known)
    assert "was decided on 6 May 2026" in said(services.decide_costs, request=costs, **known)
    assert "paid then or later" in said(services.pay_costs, request=costs, on=ASKED)
    paid_ = services.pay_costs(request=costs, on=PAID)
    assert services.stands(paid_).because[-1].on == PAID
    assert "already" in said(services.pay_costs, request=costs, on=PAID)


@pytest.mark.parametrize(
    ("side", "seen"),
    [
        pytest.param("aiding", True, id="the agency that asks"),
        pytest.param("stricken", True, id="the agency that is asked"),
        pytest.param("", False, id="any other agency"),
    ],
)
def test_a_representative_sees_the_requests_of_either_side_and_changes_none(costs, side, seen):
    client = Client()
    who = person(roles.AGENCY_REPRESENTATIVE, getattr(costs, side) if side else board.agency())
    client.force_login(who)
    paper = file_scan(uploaded=scan(), title="Request", user=person(MANAGER))
    costs.request_paper = paper
    costs.save()
    url = f"/finance/costrequest/{costs.pk}/"
    assert client.get("/finance/costrequest/").context["cl"].result_count == seen
    answer = client.get(f"{url}change/")
    assert answer.status_code == (200 if seen else 302)
    assert list(papers_visible_to(who)) == ([paper] if seen else [])
    assert client.post(f"{url}decide/", {"on": "5/11/2026"}).status_code == (403 if seen else 302)
    if seen:
        assert answer.context["buttons"] == []
        assert client.post(f"{url}change/", {"amount": "1.00"}).status_code == 403


# --- Claims (A 3.G) -------------------------------------------------------------------------------------------------------


def test_a_claim_shows_who_bears_what(office):
    agencies = board.agencies(3)
    claim = Claim.objects.create(title="Doe v. Village")
    for kind, amount in (("defense", "4200.00"), ("indemnity", "10000.00"), ("indemnity", "0.01")):
        ClaimCost.objects.create(claim=claim, kind=kind, on=ASKED, amount=Decimal(amount), text="-")
    url = f"/finance/claim/{claim.pk}/change/"
    before = text_of(office[TREASURER].get(url))
    assert before.count("Not determined") == 2
    assert "the agencies named as parties" in before.lower()

    claim.named.add(*agencies)
    claim.stricken = agencies[2]
    claim.save()
    [table] = office[TREASURER].get(url).context["related_tables"]
    assert [row.cells[1:] for row in table.rows] == [
        ("$0.00", "$3,333.34", "$3,333.34"), ("$0.00", "$3,333.34", "$3,333.34"),
        ("$4,200.00", "$3,333.33", "$7,533.33"), ("$4,200.00", "$10,000.01", "$14,200.01"),
    ]  # fmt: skip


# --- Property (B XVI, XVII.4) ---------------------------------------------------------------------------------------------


@pytest.fixture
def radio(year):
    return PropertyItem.objects.create(tag="N-0001", name="Radio", acquired_on=ASKED)


def test_a_thing_is_handed_over_and_title_stays_with_nipas(office, radio, said):
    url = f"/finance/propertyitem/{radio.pk}/"
    assert "Not determined" in text_of(office[TREASURER].get(f"{url}change/"))
    agency = board.agency()
    sent = {"on": "5/6/2026", "custodian": "Chief Elm", "agency": agency.pk, "place": "Station 2"}
    office[TREASURER].post(f"{url}hand-over/", sent)
    answer = office[TREASURER].post(f"{url}hand-over/", {"on": "5/8/2026", "custodian": "Chief Oak"}, follow=True)
    assert "title stays with NIPAS, whoever keeps it" in text_of(answer)
    [table] = answer.context["related_tables"]
    assert [row.cells for row in table.rows] == [
        ("Chief Oak", "", "8 May 2026", "Still there"),
        ("Chief Elm", f"{agency}, Station 2", "6 May 2026", "8 May 2026"),
    ]
    assert "give a day after that" in said(services.hand_over, item=radio, custodian="X", on=APPROVED)
    assert "hand it over then or later" in said(
        services.hand_over, item=PropertyItem.objects.create(tag="N-2", name="-", acquired_on=PAID), custodian="X",
        on=ASKED,
    )  # fmt: skip
    listed = text_of(office[roles.BOARD_MEMBER].get("/finance/propertyitem/?state=kept"))
    assert "Chief Oak" in listed


@pytest.mark.parametrize(
    ("more", "words"),
    [
        pytest.param({"motion": None}, "Name the Board's motion, or attach the paper", id="neither motion nor paper"),
        pytest.param({"to": ""}, "Say to whom it went", id="sold to nobody"),
        pytest.param({"proceeds": None}, "for how much it was sold", id="sold for nothing said"),
        pytest.param({"how": "scrapped"}, "Only what is sold brings money in", id="scrapped for money"),
        pytest.param({"how": "", "proceeds": None}, "Say on which day and how", id="in no way"),
        pytest.param({"on": REVIEWED}, "give a day after that", id="on the day it was handed over"),
        pytest.param({}, "", id="sold by sealed bid"),
    ],
)
def test_a_thing_is_disposed_of_by_a_motion_or_a_paper(year, radio, said, more, words):
    board.board(1)
    motion = board.moved(board.opened("board"))
    known = {"state": "carried", "decided_at": board.at(19), "bylaws": motion.meeting.bylaws}
    Motion.objects.filter(pk=motion.pk).update_with_history(**known)
    motion.refresh_from_db()
    services.hand_over(item=radio, custodian="Chief Elm", on=REVIEWED)
    known = {
        "item": radio,
        "on": PAID,
        "how": "sealed_bid",
        "to": "Elm",
        "proceeds": Decimal("80.00"),
        "motion": motion,
    }
    if words:
        assert words in said(services.dispose_of_property, **{**known, **more})
        assert Custody.objects.get().until_on is None
        return
    sold = services.dispose_of_property(**known)
    assert Custody.objects.get().until_on == PAID
    assert services.holder_of(sold, []).value == "No longer ours"
    assert "disposed of on 11 May 2026 already" in said(services.dispose_of_property, **known)
    assert "disposed of" in said(services.hand_over, item=radio, custodian="X", on=PAID)


def test_a_page_of_a_report_lists_all_that_the_meeting_heard(office):
    paid(office, number="1002")
    reported(office)
    first = DisbursementReport.objects.order_by("pk").first()
    url = reverse("admin:finance_disbursementreport_change", args=[first.pk])
    [table] = office[roles.BOARD_MEMBER].get(url).context["related_tables"]
    assert (table.rows[-1].cells[0], table.rows[-1].cells[-1]) == ("2 in all", "$500.00")


# --- Corrections, compensation and refunds, as they are asked for ---------------------------------------------------------


def test_a_request_is_corrected_on_the_form_as_it_was_filled_in(office):
    row = asked(office)
    form = office[COORDINATOR].get(f"{LIST}{row.pk}/correct/").context["act"]
    sent = {name: value for name, value in form.initial.items() if value is not None and name in form.fields}
    assert (sent["payee"], sent["amount"], sent["category"]) == (row.payee, row.amount, row.category_id)
    answer = act(office[COORDINATOR], row, "correct", **{**sent, "amount": "260.00"})
    assert f"{row.reference} now asks for $260.00 for Signal & Radio Supply" in text_of(answer)


def test_the_credit_of_a_payment_is_asked_back_from_its_page(office):
    came = make.payment("500.00", agency=board.agency())
    shown = office[TREASURER].get(f"/finance/payment/{came.pk}/change/")
    [button] = [one for one in shown.context["buttons"] if one.label == "Refund the credit"]
    form = office[TREASURER].get(button.url).context["act"]
    assert {name: form.initial[name] for name in ("nature", "refunds", "amount")} == {
        "nature": "refund", "refunds": str(came.pk), "amount": "500.00",
    }  # fmt: skip
    sent = {**form.initial, "requested_by": office.who(COORDINATOR).pk, "on": "5/4/2026"}
    office[TREASURER].post(button.url, sent)
    row = Disbursement.objects.get()
    assert (row.refunds, row.payee, row.category) == (came, "Village", None)
    assert "Left of the credit" in text_of(page(office[TREASURER], row))


def test_who_may_not_see_payments_is_offered_no_refund(office):
    fields = office[COORDINATOR].get(f"{LIST}add/").context["act"].fields
    assert "refunds" not in fields
    assert "refund" not in dict(fields["nature"].choices)
    assert "refunds" in office[TREASURER].get(f"{LIST}add/").context["act"].fields


def test_compensation_of_a_sitting_member_is_refused_at_the_payee(office):
    sitting = board.term(board.chief(board.agency()), "secretary").holder
    sent = {"nature": "compensation", "payee": "J. Doe", "payee_official": sitting.pk, "purpose": "Services",
            "amount": "100", "fund": make.fund().pk, "category": make.category().pk, "on": "5/4/2026"}  # fmt: skip
    errors = office[MANAGER].post(f"{LIST}add/", sent).context["act"].errors
    assert "as Secretary, and serves without compensation (Bylaws Art. IX §1)" in errors["payee"][0]
    errors = office[MANAGER].post(f"{LIST}add/", {**sent, "payee_official": ""}).context["act"].errors
    assert "Name the motion" in errors["motion"][0]
