"""The Treasurer invoices the year: the preview, its reasons, the confirmation, and an invoice as an agency gets it."""

from __future__ import annotations

from datetime import date

from finance.models import Invoice
from tests.board import factories as board
from tests.finance import factories as make

MAY = date(2023, 5, 1)


def test_the_treasurer_invoices_a_year_and_issues_exactly_what_the_preview_showed(
    signed_in_page, axe, fits, in_every_look, settings
):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    board.bylaws_in_force()
    make.rate("500.00")
    make.year(2023)
    board.agencies(2)
    left = board.agency()
    board.withdrawn(left, MAY)
    page = signed_in_page("Treasurer")

    page.goto("/")
    page.get_by_role("link", name="Invoice the year").first.click()
    page.select_option("#id_year", "2023-05-01")
    fits(page)
    axe(page)
    page.get_by_role("button", name="Preview the invoices").click()
    page.get_by_text("Nothing is issued yet: look through it, then confirm.").wait_for()
    left_out = page.get_by_role("region", name="Will not be invoiced, and why")
    left_out.get_by_text(left.name).wait_for()
    in_every_look(page, page.url)
    assert not Invoice.objects.exists()

    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="Confirm and issue 2 invoices").click()
    page.get_by_text("Issued", exact=True).first.wait_for()
    page.get_by_role("link", name="2023-0002").click()
    page.get_by_role("heading", name="2023-0002").wait_for()
    in_every_look(page, page.url)
    assert [invoice.number for invoice in Invoice.objects.order_by("number")] == [1, 2]
