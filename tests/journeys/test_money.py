"""The Treasurer records one check for three agencies without a mouse, takes it to the bank, and sees who owes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from playwright.sync_api import expect

from finance.models import Allocation, Deposit
from finance.services import bank
from tests.board import factories as board
from tests.finance import factories as make

MAY, DUE = date(2023, 5, 1), date(2023, 5, 31)


def invoiced(amount, due=DUE):
    return make.invoice(board.agency(), amount, on=MAY, due=due)


def choose(page, field, agency) -> None:
    """Type the name of an agency in a field that finds it."""
    page.focus(f"#{field} + .select2-container .select2-selection")
    page.keyboard.press("Enter")
    page.keyboard.type(agency.name[:12])
    page.locator(".select2-results__option--highlighted", has_text=agency.name).wait_for()
    page.keyboard.press("Enter")


def add(page, agency) -> None:
    """Type the name of a further agency."""
    page.focus("#id_others + .select2-container .select2-search__field")
    page.keyboard.type(agency.name[:12])
    page.locator(".select2-results__option--highlighted", has_text=agency.name).wait_for()
    page.keyboard.press("Enter")


def test_one_check_for_three_agencies_is_recorded_from_the_keyboard(signed_in_page, axe, fits):
    board.bylaws_in_force()
    make.year(2023)
    first, second, third = invoiced("500.00"), invoiced("300.00"), invoiced("400.00", date(2023, 6, 30))
    page = signed_in_page("Treasurer")
    page.goto("/finance/payment/add/")

    expect(page.locator("#id_check_number")).to_be_focused()
    page.keyboard.type("4711")
    page.keyboard.press("Tab")
    page.keyboard.type("$1,100.00")
    page.fill("#id_received_on", "6/15/2023")
    choose(page, "id_agency", first.agency)
    page.locator(f"#id_tick_{first.pk}").wait_for()
    add(page, second.agency)
    page.locator(f"#id_tick_{second.pk}").wait_for()
    add(page, third.agency)
    page.locator(f"#id_tick_{third.pk}").wait_for()

    page.focus(f"#id_tick_{first.pk}")
    page.keyboard.press("Space")
    said = page.locator("[data-so-far]")
    expect(said).to_have_text(f"Applied $500.00 of $1,100.00. Left over $600.00 becomes credit of {first.agency.name}.")
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"#id_tick_{second.pk}")).to_be_focused()
    page.focus("[data-oldest]")
    page.keyboard.press("Enter")
    expect(page.locator(f"#id_pays_{third.pk}")).to_have_value("300.00")
    page.fill(f"#id_pays_{third.pk}", "301.00")
    expect(said).to_have_text("Applied $1,101.00 of $1,100.00: $1.00 too much.")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        fits(page)
        axe(page)
    page.fill(f"#id_pays_{third.pk}", "250.00")
    page.keyboard.press("Enter")

    page.get_by_text(f"$50.00 is credit of {first.agency.name}").wait_for()
    assert dict(Allocation.objects.values_list("invoice", "amount")) == {
        first.pk: Decimal("500.00"),
        second.pk: Decimal("300.00"),
        third.pk: Decimal("250.00"),
    }


def test_what_waits_is_deposited_and_what_is_owed_is_read(signed_in_page, axe, fits):
    board.bylaws_in_force()
    make.year(2023)
    invoice = invoiced("500.00")
    page = signed_in_page("Treasurer")
    for amount in ("120.00", "80.50"):
        make.payment(amount, on=MAY, agency=invoice.agency)
    institution = make.bank()

    page.goto("/finance/deposit/add/")
    said = page.locator("[data-so-far]")
    expect(said).to_have_text("Total of the deposit: $200.50, 2 of 2 ticked")
    page.locator("input[data-amount]").first.press("Space")
    expect(said).to_have_text("Total of the deposit: $80.50, 1 of 2 ticked")
    page.fill("#id_deposited_on", "6/15/2023")
    fits(page)
    axe(page)
    page.click("input[name=record]")
    page.get_by_text("$80.50 in 1 payment").wait_for()

    assert Deposit.objects.get().payments.get().amount == Decimal("80.50")
    text = b"Date,Description,Amount\n6/16/2023,DEPOSIT,80.50\n6/20/2023,FEE,-5.00\n"
    statement = bank.read_statement(institution=institution, data=text, closing=Decimal("75.50"))
    for path in (
        "/finance/owes/?on=2023-06-15",
        f"/finance/bankstatement/{statement.pk}/change/",
        "/finance/reminder/add/?on=2023-06-15",
    ):
        page.goto(path)
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 800})
            fits(page)
        axe(page)
