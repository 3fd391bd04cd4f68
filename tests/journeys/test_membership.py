"""What the system manager does in a week, in a real browser: find, see why, record, print; wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from membership import services
from membership.models import ApprovalDate, Participation, TerminationNotice
from tests.membership import factories as make

pytestmark = pytest.mark.django_db


def mchenry() -> Participation:
    """Participating since 2003; its amended approval is dated two ways, its execution signed and undated."""
    stint = make.original_member("McHenry Police Department", "McHenry", city="McHenry", public_body="City of McHenry")
    paper = make.approval(stint.agency, date(2018, 6, 4), edition="amended", event="heading", number="ORD-18-1868")
    ApprovalDate.objects.create(approval=paper, event="adopted", on=date(2018, 5, 4), source="text")
    make.execution(stint.agency, None, edition="amended")
    make.official(stint.agency, "chief", "Dana Quill")
    make.official(stint.agency, "head", "Robin Vance")
    make.in_team(stint)
    services.restate(stint.agency)
    return stint


def test_from_the_search_field_to_the_acknowledgement(
    signed_in_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    stint = mchenry()
    make.original_member("Cary Police Department", "McHenry")
    page = signed_in_page("System Manager")
    page.goto("/")
    page.get_by_label("Find an agency").fill("mchenry")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("McHenry Police Department")
    expect(
        page.get_by_text("Participating under the Original Agreement from 18 August 2003", exact=False)
    ).to_be_visible()
    axe(page)

    page.get_by_role("link", name="Record Termination Notice").click()
    expect(page.locator(".select2-selection__rendered")).to_contain_text("McHenry Police Department")
    page.get_by_label("Received on:").fill("12/31/2025")
    page.get_by_label("Signed by:").focus()
    effect = page.locator("#effect")
    expect(effect).to_contain_text("1 May 2026")
    expect(effect).to_contain_text("Its place in Emergency Services Team ends", ignore_case=True)
    assert not TerminationNotice.objects.exists()
    axe(page)

    page.get_by_role("button", name="Record Termination Notice").click()
    expect(page.get_by_text("Its participation ends on 1 May 2026, the first day out.")).to_be_visible()
    axe(page)
    letter = page.request.get(
        page.get_by_role("link", name="Acknowledgement of Termination Notice").get_attribute("href") or ""
    )
    assert letter.body().startswith(b"%PDF-")
    stint.refresh_from_db()
    assert stint.withdrawn_on == date(2026, 5, 1)


def test_the_agency_is_chosen_by_typing_and_a_wrong_day_is_said_at_once(
    signed_in_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    mchenry()
    make.original_member("Cary Police Department")
    page = signed_in_page("System Manager")
    page.goto(reverse("admin:membership_terminationnotice_add"))
    page.locator(".select2-selection").click()
    expect(page.get_by_role("option", name="McHenry Police Department")).to_be_visible()
    page.locator(".select2-search__field").fill("mch")
    expect(page.get_by_role("option", name="Cary Police Department")).to_have_count(0)
    page.get_by_role("option", name="McHenry Police Department").click()
    page.get_by_label("Received on:").fill("12/31/25")
    page.get_by_role("button", name="See its effect").click()
    expect(page.locator("#effect")).to_contain_text("leaves the century open")
    page.get_by_role("button", name="Record Termination Notice").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing has been recorded yet")
    expect(page.get_by_label("Received on:")).to_have_value("12/31/25")
    axe(page)


def test_the_effect_is_seen_without_scripts_too(signed_in_page: Callable[..., Page]) -> None:
    stint = mchenry()
    page = signed_in_page("System Manager", javascript=False)
    page.goto(reverse("admin:membership_terminationnotice_add") + f"?agency={stint.agency_id}")
    page.get_by_label("Received on:").fill("2026-01-01")
    page.get_by_role("button", name="See its effect").click()
    expect(page.locator("#effect")).to_contain_text("1 May 2027")
    assert not TerminationNotice.objects.exists()


def test_of_two_dates_a_person_chooses_the_one_that_governs(
    signed_in_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    mchenry()
    page = signed_in_page("System Manager")
    page.goto("/")
    page.get_by_role("link", name="Choose the date").first.click()
    axe(page)
    page.get_by_label("4 June 2018", exact=False).check()
    page.get_by_label("Because:").fill("The archive's heading is the clerk's.")
    page.get_by_role("button", name="Choose the date that governs").click()
    expect(page.get_by_text("now counts from 4 June 2018")).to_be_visible()
    axe(page)


def test_adoption_progress_is_drawn_and_narrowed(
    signed_in_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    mchenry()
    member = make.original_member("Cary Police Department")
    make.approval(member.agency, date(2018, 6, 10), edition="amended")
    services.restate(member.agency)
    page = signed_in_page("System Manager")
    page.goto(reverse("membership:adoption"))
    expect(page.get_by_role("img", name="Approvals and Executions")).to_be_visible()
    page.get_by_role("link", name="Execution 1").click()
    expect(page.get_by_role("rowheader", name="Cary Police Department")).to_be_visible()
    expect(page.get_by_role("rowheader", name="McHenry Police Department")).not_to_be_visible()
    axe(page)


def test_every_kind_of_page_is_accessible_in_either_theme_and_fits_a_narrow_phone(
    signed_in_page: Callable[..., Page], axe: Callable[..., None], fits: Callable[[Page], None]
) -> None:
    page = signed_in_page("System Manager")
    for url in pages_of_every_kind():
        page.goto(url)
        axe(page)
        page.emulate_media(color_scheme="dark")
        axe(page, colors_only=True)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 320, "height": 800})
        fits(page)
        page.set_viewport_size({"width": 1280, "height": 800})


def pages_of_every_kind() -> list[str]:
    """A list, and a record of each kind with its acts, of a register with one agency of each kind."""
    stint = mchenry()
    notice = services.receive_notice(participation=stint, received_on=date(2026, 3, 2), dated_on=date(2025, 12, 30))
    joined = make.new_member("Cedar Police Department")
    case = make.proceeding(joined)
    request = make.complete_application(make.agency("Dogwood Police Department"), joined.agency)
    certificate = make.certificate(stint.agency)
    paper = stint.agency.approvals.get(agreement__edition="amended")
    signed = stint.agency.executions.get(agreement__edition="amended")
    records = [
        stint.agency,
        stint,
        notice,
        case,
        request,
        certificate,
        paper,
        signed,
        make.version("amended"),
        make.team(),
    ]
    acts = [
        (notice, "rescind"),
        (case, "decide"),
        (request, "approve"),
        (request, "disapprove"),
        (paper, "choose-date"),
    ]
    asked = f"?agency={joined.agency_id}&received_on=2026-12-31"
    return [
        "/",
        reverse("admin:membership_agency_changelist") + "?on=2026-05-01",
        reverse("admin:membership_approval_changelist"),
        reverse("membership:what_if") + asked,
        reverse("membership:adoption"),
        *(reverse(f"admin:membership_{r._meta.model_name}_change", args=[r.pk]) for r in records),
        *(reverse(f"admin:membership_{r._meta.model_name}_{slug}", args=[r.pk]) for r, slug in acts),
        *(reverse(f"admin:membership_{name}_add") for name in ("terminationnotice", "approval", "execution", "agency")),
    ]
