"""Alarm cards as they stand on a day: whether they hold, who came since, and what a list says of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nipas_admin.accounts import roles
from nipas_admin.jobs.models import Job
from operations import services
from operations.models import AlarmAssignment
from tests.board import factories as board
from tests.membership.factories import person
from tests.nipas_admin.conftest import text_of
from tests.operations import factories as make

pytestmark = pytest.mark.django_db
APPROVED = date(2026, 1, 1)  # by make.card
LIST = "admin:operations_alarmassignment_changelist"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """An hour into that evening."""
    monkeypatch.setattr(timezone, "now", lambda: make.at(60))


def signed_in(role, of=None):
    client = Client()
    client.force_login(person(role, of))
    return client


def page(card, act="change"):
    return reverse(f"admin:operations_alarmassignment_{act}", args=[card.pk])


def newcomer(miles=4.0, since=date(2026, 2, 1)):
    """An agency nearby that was not active when the card was approved."""
    row = make.agency(miles)
    board.suspended(row, date(2020, 1, 1), since)
    return row


@pytest.mark.parametrize(
    ("since", "approved", "suggested"),
    [
        pytest.param(date(2025, 12, 31), True, False, id="active the day before the approval"),
        pytest.param(APPROVED, True, False, id="active from the day of the approval"),
        pytest.param(date(2026, 1, 2), True, True, id="active from the day after it"),
        pytest.param(make.DAY, True, True, id="active from today"),
        pytest.param(make.DAY + timedelta(days=1), True, False, id="active from tomorrow"),
        pytest.param(date(2025, 12, 31), False, True, id="active before, and no card was approved yet"),
    ],
)
def test_who_came_since_the_approval_is_suggested(bylaws, since, approved, suggested):
    stricken, near = make.agency(0), make.helper(key="squad")
    new = newcomer(since=since)
    card = make.card(stricken, (1, near, 1), approved=approved)

    checked = services.check_assignments([card], make.DAY)[0]

    assert checked.faults == ()
    assert [flag.agency for flag in checked.suggestions] == ([new.pk] if suggested else [])


def test_a_card_holds_though_somebody_could_be_added(bylaws):
    card = make.card(make.agency(0), (1, make.helper(key="squad"), 1))
    new = newcomer()
    shown = signed_in(roles.SYSTEM_MANAGER).get(page(card))

    holds, added = shown.context["answers"]
    assert (holds.question, holds.finding.value) == ("Does the card hold today?", True)
    assert new.name in added.finding.because[0].text
    assert "Add agencies nearby" in text_of(shown)


def test_new_agencies_come_into_a_new_draft_and_then_into_the_same(bylaws):
    card = make.card(make.agency(0), (1, make.helper(key="squad"), 2))
    first = newcomer()
    client = signed_in(roles.SYSTEM_MANAGER)
    form = client.get(page(card, "nearby")).context["act"]
    assert form.initial | {"what": make.kind("squad").pk} == form.initial
    sent = {"agencies": [first.pk], "level": "1", "what": form.initial["what"], "quantity": "2", "on": "9/1/2026"}

    assert "version 2, a draft" in text_of(client.post(page(card, "nearby"), sent, follow=True))
    second = newcomer(6)
    assert list(client.get(page(card, "nearby")).context["act"].fields["agencies"].queryset) == [second]
    client.post(page(card, "nearby"), sent | {"agencies": [second.pk], "level": "2"})

    draft = AlarmAssignment.objects.get(agency=card.agency, approved_on=None)
    assert (draft.version, draft.effective_on) == (2, date(2026, 9, 1))
    lines = list(draft.lines.order_by("level", "order").values_list("level", "order", "agency", "quantity"))
    assert lines[1:] == [(1, 2, first.pk, 2), (2, 1, second.pk, 2)]
    assert card.lines.count() == 1, "what was approved stays"
    assert services.check_assignments([draft], make.DAY)[0].suggestions == ()


def test_the_list_says_which_cards_hold_today_in_the_same_few_queries(bylaws):
    gone, near = make.helper(key="squad"), make.helper(key="squad")
    good, bad = make.card(make.agency(0), (1, near, 1)), make.card(make.agency(0), (1, gone, 1))
    old = make.card(make.agency(0), (1, near, 1))
    newer = services.approve_card(
        card=services.draft_card(agency=old.agency, effective_on=make.DAY), on=make.DAY, officer=board.chief(old.agency)
    )
    draft = services.draft_card(agency=good.agency, effective_on=make.DAY)
    client = signed_in(roles.SYSTEM_MANAGER)
    client.get(reverse(LIST))

    def looked_at():
        with CaptureQueriesContext(connection) as queries:
            shown = client.get(reverse(LIST))
        return len(queries), {row.pk: row for row in shown.context["cl"].result_list}, text_of(shown)

    few, rows, said = looked_at()
    assert "No: " not in said
    board.suspended(gone, make.DAY)
    for _more in range(3):
        make.card(make.agency(0), (1, near, 1))
    more, rows, said = looked_at()

    assert more == few
    assert [len(rows[card.pk].checked.faults) for card in (good, bad, newer, draft)] == [0, 2, 0, 0]
    assert not hasattr(rows[old.pk], "checked"), "it is superseded"
    assert "No: 2 to look at" in said
    assert "Superseded" in said
    assert "Alarm card of" in text_of(client.get(reverse("admin:index"))), "the start page says so the same day"


@pytest.fixture
def versions(bylaws):
    """One agency's versions: superseded, in effect, a draft, and one from tomorrow on."""
    stricken, near = make.agency(0), make.helper(key="squad")
    found = [make.card(stricken, (1, near, 1))]
    for effective in (make.DAY, make.DAY, make.DAY + timedelta(days=1)):
        draft = services.draft_card(agency=stricken, effective_on=effective)
        if draft.version != 3:
            services.approve_card(card=draft, on=make.DAY, officer=board.chief(stricken))
        found.append(draft)
    return found


@pytest.mark.parametrize(("state", "shown"), [("effect", [2]), ("draft", [3]), ("other", [1, 4])])
def test_cards_are_found_by_where_they_stand(versions, state, shown):
    rows = signed_in(roles.SYSTEM_MANAGER).get(reverse(LIST), {"state": state}).context["cl"].result_list

    assert sorted(row.version for row in rows) == shown


@pytest.mark.parametrize(
    ("day", "only", "printed", "left_out"),
    [
        pytest.param(make.DAY - timedelta(days=1), None, [1], [2, 3, 4], id="the day before the second takes effect"),
        pytest.param(make.DAY, None, [2], [3, 4], id="the day on which it does"),
        pytest.param(make.DAY + timedelta(days=1), None, [4], [3], id="the day on which the last does"),
        pytest.param(make.DAY, [1, 2], [2], [1], id="what was chosen and is superseded is named"),
        pytest.param(make.DAY, [1], [], [1], id="nothing but that was chosen"),
    ],
)
def test_the_book_has_the_version_of_the_day_and_names_what_it_leaves_out(versions, day, only, printed, left_out):
    chosen = None if only is None else [versions[number - 1].pk for number in only]

    book = services.book_on(day, chosen)

    assert [card.version for card in book.cards] == printed
    assert [card.version for card in book.left_out] == left_out


def test_an_agency_reads_its_own_card_and_nothing_of_who_stands_on_it(bylaws):
    ours, theirs = make.agency(0), make.helper(key="squad")
    card = make.card(ours, (1, theirs, 1))
    board.suspended(theirs, make.DAY)
    client = signed_in(roles.AGENCY_REPRESENTATIVE, ours)

    for url in (reverse(LIST), page(card)):
        said = text_of(client.get(url))
        assert ours.name in said
        assert "to look at" not in said
        assert "suspended" not in said
    assert client.get(reverse("operations:book")).status_code == 403
    may_draft = Permission.objects.get(codename="add_alarmassignment")
    get_user_model().objects.get(pk=client.session["_auth_user_id"]).user_permissions.add(may_draft)
    assert client.get(page(card, "nearby")).status_code == 403, "even where a role lets it draft"
    assert "print_book" not in client.get(reverse(LIST)).content.decode()


def test_the_page_of_the_book_says_what_will_be_in_it(bylaws):
    card = make.card(make.agency(0), (1, make.helper(key="squad"), 1))
    draft = services.draft_card(agency=make.agency(0), effective_on=make.DAY)

    said = text_of(signed_in(roles.TELECOMMUNICATOR).get(reverse("operations:book")))

    assert "1 card in effect" in said
    assert f"{draft.agency}, version 1 : a draft" in said
    assert "Agencies without a card in effect (2)" in said
    assert card.agency.name not in said


def test_a_first_card_is_put_together_level_by_level_the_nearest_first(bylaws):
    stricken = make.agency(0)
    far, near = make.agency(9), make.agency(3)
    draft = services.draft_card(agency=stricken, effective_on=make.DAY)
    client = signed_in(roles.SYSTEM_MANAGER)

    shown = client.get(page(draft))
    assert shown.context["answers"][0].finding.value is False
    assert "nobody stands on it yet" in text_of(shown)
    assert "No: nobody on it" in text_of(client.get(reverse(LIST)))
    form = client.get(page(draft, "nearby")).context["act"]
    assert list(form.fields["agencies"].queryset) == [near, far]
    assert form.initial["agencies"] == []


def test_the_book_is_asked_for_whole_and_of_the_cards_chosen(bylaws):
    near = make.helper(key="squad")
    card, other = make.card(make.agency(0), (1, near, 1)), make.card(make.agency(0), (1, near, 1))
    client = signed_in(roles.SYSTEM_MANAGER)

    whole = client.post(f"{reverse('operations:book')}?on=2026-05-01")
    chosen = client.post(reverse(LIST), {"action": "print_book", ACTION_CHECKBOX_NAME: [card.pk, other.pk]})

    first, second = Job.objects.order_by("pk")
    assert whole.url == reverse("admin:jobs_job_change", args=[first.pk])
    assert chosen.url == reverse("admin:jobs_job_change", args=[second.pk])
    assert first.parameters == {"as_on": "2026-05-01", "only": None}
    assert sorted(second.parameters["only"]) == sorted([card.pk, other.pk])


@pytest.mark.parametrize(
    ("on", "stands"),
    [
        pytest.param(make.DAY - timedelta(days=1), "Asked", id="the day before it is suspended"),
        pytest.param(make.DAY, "Not asked: not active", id="from that day on"),
    ],
)
def test_an_agencys_page_says_on_which_cards_it_stands_and_whether_it_is_asked(bylaws, on, stands):
    near, other = make.helper(key="squad"), make.agency(0)
    card = make.card(other, (2, near, 3))
    board.suspended(near, make.DAY)
    url = reverse("admin:membership_agency_change", args=[near.pk])

    shown = signed_in(roles.SYSTEM_MANAGER).get(url, {"on": on.isoformat()})
    (table,) = [one for one in shown.context["related_tables"] if one.title == "Alarm cards"]

    assert [str(cell) for cell in table.rows[0].cells[:3]] == [other.name, "2", "3 Marked squad cars"]
    assert stands in table.rows[0].cells[3]
    assert table.rows[0].url == page(card)
    assert table.add_label == "Add its alarm card"
    own = signed_in(roles.AGENCY_REPRESENTATIVE, near).get(url).context["related_tables"]
    assert all(one.title != "Alarm cards" for one in own)
