"""Orders of pocket cards: who orders for whom, what is sent, and what an order that was sent still allows."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from documents.letters import kind_of
from nipas_admin.accounts import roles
from operations import services
from operations.models import PocketCardOrder
from operations.models.pocket_cards import CARDS_ON_A_SHEET
from tests.membership import importing
from tests.membership.factories import agency, person
from tests.nipas_admin.conftest import text_of

pytestmark = pytest.mark.django_db
ORDERED = date(2026, 8, 10)
TODAY = date(2026, 8, 16)
ADD = "admin:operations_pocketcardorder_add"
LIST = "admin:operations_pocketcardorder_changelist"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The day is fixed."""
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)


def order(quantity=50, of=None, **known):
    row = PocketCardOrder(agency=of or agency(), quantity=quantity, **{"ordered_on": ORDERED, **known})
    row.save()
    return row


def signed_in(role, of=None):
    client = Client()
    client.force_login(person(role, of))
    return client


@pytest.fixture
def manager():
    return signed_in(roles.SYSTEM_MANAGER)


def page(row, act="change"):
    return reverse(f"admin:operations_pocketcardorder_{act}", args=[row.pk])


@pytest.mark.parametrize(("cards", "sheets"), [(1, 1), (9, 1), (10, 1), (11, 2), (200, 20), (2000, 200)])
def test_so_many_sheets_of_ten_are_printed(cards, sheets):
    assert CARDS_ON_A_SHEET == 10
    assert PocketCardOrder(quantity=cards).sheets == sheets


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        pytest.param(date(2026, 8, 9), "cards are sent on that day or later", id="the day before it was ordered"),
        pytest.param(ORDERED, None, id="the day it was ordered"),
        pytest.param(TODAY, None, id="a later day"),
    ],
)
def test_cards_are_not_sent_before_they_are_ordered(sent, said):
    row = order()
    if said is None:
        assert services.send_orders(orders=[row], on=sent)[0].sent_on == sent
        return
    with pytest.raises(ValidationError, match=said):
        services.send_orders(orders=[row, order(ordered_on=date(2026, 8, 1))], on=sent)
    assert PocketCardOrder.objects.waiting().count() == 2, "all of them, or none"


def test_an_order_that_was_sent_is_not_sent_again_nor_changed():
    row = order()
    services.send_orders(orders=[row], on=TODAY)

    with pytest.raises(ValidationError, match="sent on 16 August 2026 already"):
        services.send_orders(orders=[row], on=TODAY)
    row.refresh_from_db()
    row.quantity = 60
    with pytest.raises(ValidationError, match="stays as it is"):
        row.full_clean()


def test_a_mistaken_sending_is_taken_back_with_its_reason():
    row = order()
    with pytest.raises(ValidationError, match="nothing to take back"):
        services.take_back_sending(order=row, because="Wrong parcel")
    services.send_orders(orders=[row], on=TODAY)
    with pytest.raises(ValidationError, match="Say why"):
        services.take_back_sending(order=row, because=" ")

    row = services.take_back_sending(order=row, because="Wrong parcel")

    assert row.sent_on is None
    assert row.history.first().history_change_reason == "Not sent on 16 August 2026 after all: Wrong parcel"


def test_the_system_manager_sends_one_and_several(manager):
    first, second, third = order(), order(25), order(30)
    assert "5 sheets" in text_of(manager.get(page(first)))

    said = text_of(manager.post(page(first, "send"), {"on": "8/16/2026"}, follow=True))
    assert "sent on 16 August 2026" in said
    chosen = {"action": "send_chosen", ACTION_CHECKBOX_NAME: [second.pk]}
    several = manager.post(reverse(LIST), chosen, follow=True)
    assert several.content.decode().count("checked") == 1
    said = text_of(manager.post(several.request["PATH_INFO"], {"on": "2026-08-15", "orders": [second.pk]}, follow=True))
    assert "1 order sent: 25 pocket cards" in said

    assert list(PocketCardOrder.objects.waiting()) == [third]
    listed = manager.get(reverse(LIST)).context["cl"].result_list
    assert [row.pk for row in listed] == [third.pk, first.pk, second.pk], "what waits stands first"


def test_nothing_is_sent_tomorrow_and_nothing_typed_is_lost(manager):
    row = order()
    said = manager.post(page(row, "send"), {"on": "8/17/2026"})
    assert "is still to come" in text_of(said)
    assert 'value="8/17/2026"' in said.content.decode()
    assert not manager.post(page(row, "not-sent"), {"because": "x"}, follow=True).redirect_chain[0][0].endswith("sent/")


def test_the_page_of_an_order_that_was_sent_offers_only_to_take_it_back(manager):
    row = order()
    services.send_orders(orders=[row], on=TODAY)

    shown = manager.get(page(row))
    assert [button.label for button in shown.context["buttons"]] == ["Take back “sent”"]
    assert not shown.context["has_change_permission"]
    manager.post(page(row, "not-sent"), {"because": "Wrong parcel"})
    assert PocketCardOrder.objects.waiting().get() == row


def test_an_agency_orders_for_itself_and_sees_no_orders_of_others():
    ours, theirs = agency(), agency()
    foreign = order(of=theirs)
    client = signed_in(roles.AGENCY_REPRESENTATIVE, ours)
    form = client.get(reverse(ADD)).context["adminform"].form
    assert (form.initial["agency"], form.initial["ordered_on"]) == (ours.pk, TODAY)

    typed = {"quantity": "30", "ordered_on": "8/16/2026", "deliver_to": "Lt. Ash", "note": ""}
    refused = client.post(reverse(ADD), typed | {"agency": theirs.pk})
    assert "agency" in refused.context["adminform"].form.errors
    client.post(reverse(ADD), typed | {"agency": ours.pk})

    made = PocketCardOrder.objects.get(agency=ours)
    assert made.quantity == 30
    assert theirs.name not in text_of(client.get(reverse(LIST)))
    assert client.get(page(made)).context["buttons"] == []
    for url in (page(foreign), page(made, "send"), reverse("operations:letter", args=["packing"]),
                reverse("admin:operations_pocketcardorder_send_several")):  # fmt: skip
        answer = client.get(url)
        assert answer.status_code in {302, 403}, url
        assert theirs.name not in answer.content.decode()


@pytest.mark.parametrize(
    ("quantity", "ordered", "said"),
    [
        ("0", "8/16/2026", "Order at least one"),
        ("2001", "8/16/2026", "up to 2,000"),
        ("5", "8/17/2026", "still to come"),
    ],
)
def test_an_order_that_cannot_be_is_refused_in_words(manager, quantity, ordered, said):
    typed = {"agency": agency().pk, "quantity": quantity, "ordered_on": ordered, "deliver_to": "", "note": ""}
    assert said in text_of(manager.post(reverse(ADD), typed))
    assert not PocketCardOrder.objects.exists()


def test_the_start_page_says_what_waits(manager):
    assert "pocket cards wait" not in text_of(manager.get(reverse("admin:index")))
    order(50), order(75)
    said = text_of(manager.get(reverse("admin:index")))
    assert "2 orders of pocket cards wait" in said
    assert "125 cards in all" in said


def test_the_packing_list_has_what_waits_on_the_day():
    kind = kind_of("operations.packing")
    ash = agency(street="1 Oak St", city="Ashton", zip_code="60001")
    order(25, ash, deliver_to="Lt. Ash"), order(30, ordered_on=TODAY), order(99, sent_on=TODAY)

    letter = kind.build(None, TODAY)

    assert (letter.cards, letter.sheets) == (55, 6)
    assert letter.parcels[0].address == (ash.name, "Attention: Lt. Ash", "1 Oak St", "Ashton, IL 60001")
    assert kind.build(None, date(2026, 8, 15)).cards == 124, "before the one was ordered, and the other sent"
    with pytest.raises(ValidationError, match="nothing to pack"):
        kind.build(None, date(2026, 8, 9))


def test_orders_come_in_and_go_out_and_a_sent_one_stays(client):
    registrar = importing.administrator(client)
    ash = agency()
    head = "agency,ordered_on,quantity,deliver_to,sent_on"
    importing.bring_in(
        registrar, PocketCardOrder, importing.table(head, [ash.ori, "2026-08-10", "50", "", "2026-08-12"])
    )

    again = importing.upload(registrar, PocketCardOrder, importing.export(registrar, PocketCardOrder))
    assert (importing.problems_of(again), again.context["outcome"].same) == ([], 1)
    more = importing.table(head, [ash.ori, "2026-08-10", "60", "", "2026-08-12"])
    assert "stays as it is" in str(importing.problems_of(importing.upload(registrar, PocketCardOrder, more)))
