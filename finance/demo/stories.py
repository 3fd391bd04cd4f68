"""What the books of the demonstration are there to show, story by story, through the Treasurer's own doors."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

from finance import services
from finance.demo.house import House
from finance.demo.people import People
from finance.models import (
    Claim,
    ClaimCost,
    CostRequest,
    Custody,
    Invoice,
    Payment,
    PropertyItem,
)
from finance.rules.dues import Charge, Line
from membership.demo.clerk import INVENTED, keep
from membership.demo.places import places
from membership.models import Agency, Official, Participation
from nipas_admin.shared import money

YEAR = 2026
ISSUED = date(2026, 5, 1)
# Who left without paying what was asked before, and who paid nothing of last year's dues: name and fiscal year.
OWING = {
    ("Sedgewater Police Department", 2025),
    ("Fallowdale Police Department", 2025),
    ("Wheatmere Police Department", 2025),
}
# Special charges of the present year, one in each column of the aging on 22 November 2026.
AGES = {
    "Alder Crossing": date(2026, 12, 15),
    "Birch Hollow": date(2026, 11, 10),
    "Coralton": date(2026, 10, 9),
    "Fenwick Park": date(2026, 9, 11),
    "Glenharrow": date(2026, 8, 14),
}
# Who has paid nothing of this year's invoices by autumn.
LATE = ("Wheatmere", "Mossbank", "Painted Prairie", "Reedmarsh", "Quail Crossing", "Loon Landing")
THREE = ("Bramblewood", "Meadowmere", "Thornmere")
OVERPAID, PARTLY, BOUNCED, VOIDED = "Otter Ford", "Pinemere", "Rookwood", "Kingsmere"


def tell(board: House, who: People) -> None:
    """Everything that is told of the present year."""
    at = _agencies()
    _void(at[VOIDED])
    _three_villages(at, who)
    _partial_and_over(at, who)
    _interest(board, who)
    _the_many_pay(at, who)
    _deposits(board)
    _bounces(at[BOUNCED])
    _ages(at)
    _reminders(at, who)
    _joining(at)
    _disbursements(board, who)
    _costs_and_claims(at)
    _property(at)


def _agencies() -> dict[str, Agency]:
    names = {place.name: place.key for place in places()}
    return {names[agency.name]: agency for agency in Agency.objects.all()}


def _invoices(agency: Agency) -> list[Invoice]:
    rows = Invoice.objects.filter(agency=agency, fiscal_year__starts_on__year=YEAR, voided_on__isnull=True)
    return list(rows.select_related("fiscal_year", "agency").order_by("number"))


def _void(agency: Agency) -> None:
    """An invoice that a village asked to have with a later due date: voided with the reason, and asked anew."""
    wrong = next(row for row in _invoices(agency) if row.charge == Charge.ANNUAL.value)
    services.void_invoice(
        invoice=wrong, on=date(2026, 5, 6), because="Issued anew: the village pays after its board meets in June"
    )
    services.issue_invoice(
        agency=agency, charge=Charge.ANNUAL.value, issued_on=date(2026, 5, 6), due_on=date(2026, 6, 30),
        lines=[Line(Charge.ANNUAL, "Annual dues, FY 2026–27", wrong.total, 1, wrong.total)],
        because=[f"instead of {wrong.reference}, which is void"],
    )  # fmt: skip


def _three_villages(at: dict[str, Agency], who: People) -> None:
    """One check of a county pays for three villages."""
    invoices = [invoice for key in THREE for invoice in _invoices(at[key])]
    services.receive_payment(
        received_on=date(2026, 5, 19), payer="DuPage Mayors and Managers", check_number="88120",
        amount=money.total(row.total for row in invoices), pays={row: row.total for row in invoices}, by=who.treasurer,
        note="One check for three agencies.",
    )  # fmt: skip


def _partial_and_over(at: dict[str, Agency], who: People) -> None:
    partly = _invoices(at[PARTLY])[0]
    _pays(at[PARTLY], partly.total - Decimal("250.00"), date(2026, 5, 28), "4410", who, pays=[partly])
    over = _invoices(at[OVERPAID])
    more = money.total(row.total for row in over) + Decimal("90.00")
    _pays(at[OVERPAID], more, date(2026, 5, 22), "7719", who, pays=over)
    _pays(
        at[BOUNCED], money.total(row.total for row in _invoices(at[BOUNCED])), date(2026, 5, 26), "1203", who,
        pays=_invoices(at[BOUNCED]),
    )  # fmt: skip


def _bounces(agency: Agency) -> None:
    """The bank returned its check after the deposit: what it paid is open again."""
    services.reverse_payment(
        payment=agency.payments.get(check_number="1203"), on=date(2026, 6, 9), reversal=Payment.Reversal.BOUNCED,
        because="Returned for lack of funds",
    )  # fmt: skip


def _pays(agency: Agency, amount: Decimal, on: date, number: str, who: People, *, pays: list[Invoice]) -> Payment:
    left, parts = amount, {}
    for row in pays:
        parts[row] = min(left, row.total)
        left -= parts[row]
    return services.receive_payment(
        received_on=on, amount=amount, payer=agency.body_or_name, agency=agency, check_number=number,
        pays={row: part for row, part in parts.items() if part}, by=who.treasurer,
    )  # fmt: skip


def _interest(board: House, who: People) -> None:
    for on, amount in ((date(2026, 7, 31), "41.17"), (date(2026, 10, 30), "39.84")):
        services.receive_payment(
            received_on=on, amount=Decimal(amount), payer=board.bank.name, method="transfer",
            check_number=f"INT-{on:%m}", category=board.categories["Interest"], fund=board.funds["General fund"],
            by=who.treasurer,
        )  # fmt: skip


def _the_many_pay(at: dict[str, Agency], who: People) -> None:
    """Everybody else pays with one check, most in time, some late."""
    told = {*LATE, *THREE, OVERPAID, PARTLY, BOUNCED}
    for turn, (key, agency) in enumerate(sorted(at.items())):
        invoices = _invoices(agency)
        if key in told or not invoices or turn % 9 == 8:
            continue
        on = date(2026, 5 + (turn % 20 > 12) + (turn % 20 > 17), 8 + turn % 19)
        amount = money.total(row.total for row in invoices)
        _pays(agency, amount, on, str(61_000 + turn), who, pays=invoices)


def _deposits(board: House) -> None:
    for on in (date(2026, 5, 29), date(2026, 6, 30), date(2026, 7, 31)):
        waiting = list(Payment.objects.undeposited().filter(received_on__lte=on))
        services.make_deposit(payments=waiting, institution=board.bank, deposited_on=on)


def _ages(at: dict[str, Agency]) -> None:
    """Charges for radios, due on different days: one in each column of the aging."""
    dollars = Decimal("185.00")
    for key, due_on in AGES.items():
        services.issue_invoice(
            agency=at[key], charge="other", issued_on=min(due_on, date(2026, 11, 10)), due_on=due_on,
            lines=[Line(Charge.ANNUAL, "Replacement of a radio on loan", dollars, 1, dollars)],
        )  # fmt: skip


def _reminders(at: dict[str, Agency], who: People) -> None:
    """Three letters to one agency, two to another, one to a third."""
    days = (date(2026, 6, 3), date(2026, 7, 6), date(2026, 8, 5))
    for key, letters in (("Mossbank", 3), ("Painted Prairie", 2), ("Reedmarsh", 1)):
        for on in days[:letters]:
            services.send_reminder(agency=at[key], on=on, by=who.treasurer)


def _joining(at: dict[str, Agency]) -> None:
    """Cherry Knoll was admitted in May 2026; its participation waits for these dues (Reading R5)."""
    stint = Participation.objects.get(agency=at["Cherry Knoll"])
    services.invoice_joining_dues(participation=stint, issued_on=date(2026, 5, 13), due_on=date(2026, 6, 12))


def _disbursements(board: House, who: People) -> None:
    """One at each step that the past years do not show; of the one that is paid, the first check was lost."""
    for last, category, payee, purpose, amount in (
        ("requested", "Equipment", "Midland Protective", "Two ballistic shields", "2180.00"),
        ("reviewed", "Equipment", "Signal & Radio Supply", "Repeater repair", "1460.35"),
        ("approved", "Training", "Northern Police Academy", "Winter range days", "1725.00"),
        ("paid", "Administration", "Bellhaven Office Services", "Paper and envelopes", "212.40"),
        ("declined", "Meetings", "Prairie Catering", "Retirement dinner", "640.00"),
    ):
        row = services.request_disbursement(
            payee=payee, purpose=purpose, amount=Decimal(amount), category=board.categories[category],
            requested_by=who.coordinator, requested_on=date(2026, 11, 2),
        )  # fmt: skip
        if last == "declined":
            services.decline(disbursement=row, by=who.treasurer, on=date(2026, 11, 9), because="No purpose of NIPAS.")
        if last in ("reviewed", "approved", "paid"):
            services.review(disbursement=row, by=who.manager, on=date(2026, 11, 9))
        if last in ("approved", "paid"):
            services.approve(disbursement=row, by=who.treasurer, on=date(2026, 11, 12))
        if last == "paid":
            check = partial(services.pay, disbursement=row, institution=board.bank, signed_by=who.treasurer)
            lost = check(paid_on=date(2026, 11, 13), check_number="1101")
            services.void_payment(payment=lost, on=date(2026, 11, 18), because="Lost in the mail; payment was stopped.")
            check(paid_on=date(2026, 11, 18), check_number="1102")


def _costs_and_claims(at: dict[str, Agency]) -> None:
    """Costs granted in part, costs that wait; a claim with three agencies named."""
    keep(
        CostRequest(
            aiding=at["Larkfield"], stricken=at["Heron Marsh"], incident="2026-0001", incident_on=date(2026, 8, 16),
            submitted_on=date(2026, 9, 2), amount=Decimal("3870.00"),
            description=f"Overtime of a whole shift, and a search dog that was hurt. {INVENTED}",
            decided_on=date(2026, 10, 14), granted=Decimal("2500.00"), paid_on=date(2026, 11, 20),
            decided_by="Village President and Board of Trustees",
        )
    )  # fmt: skip
    keep(
        CostRequest(
            aiding=at["Prairie Lantern"], stricken=at["Oxbow Prairie"], incident="Marlow County 2026-9",
            incident_on=date(2026, 7, 4), submitted_on=date(2026, 7, 20), amount=Decimal("1215.50"),
            description="A damaged vehicle barrier.",
        )
    )  # fmt: skip
    claim = keep(
        Claim(
            title="Doe v. Village of Summerlea and others", number="2025 L 000417", filed_on=date(2025, 12, 4),
            stricken=at["Summerlea"],
        )
    )  # fmt: skip
    claim.named.add(at["Summerlea"], at["Maple Harbor"], at["Clearbourne"])
    keep(
        ClaimCost(
            claim=claim, kind=ClaimCost.Kind.DEFENSE, on=date(2026, 2, 2), amount=Decimal("4200.00"), text="Counsel"
        )
    )
    keep(
        ClaimCost(
            claim=claim, kind=ClaimCost.Kind.INDEMNITY, on=date(2026, 9, 15), amount=Decimal("10000.00"),
            text="Settlement",
        )
    )  # fmt: skip


def _property(at: dict[str, Agency]) -> None:
    """A truck that changed hands, radios, and one thing sold by sealed bid."""
    truck = keep(
        PropertyItem(
            tag="N-0001", name="Equipment truck", kind="Vehicle", serial="1FDUF5HT0", acquired_on=date(2014, 6, 2),
            cost=Decimal("61250.00"),
        )
    )  # fmt: skip
    keep(
        Custody(
            item=truck, agency=at["Bellhaven"], custodian="Fleet manager", place="Public works garage",
            from_on=date(2014, 6, 2), until_on=date(2023, 9, 1),
        )
    )  # fmt: skip
    keep(
        Custody(
            item=truck, agency=at["Larkfield"], custodian="Patrol commander", place="Station 2",
            from_on=date(2023, 9, 1),
        )
    )  # fmt: skip
    for number, key in enumerate(("Ashgrove", "Timberlea", "Wrenfield"), 2):
        radio = keep(
            PropertyItem(
                tag=f"N-{number:04}", name="Portable radio, caged", kind="Radio", serial=f"PR-77{number}",
                acquired_on=date(2019, 3, 4), cost=Decimal("1180.00"),
            )
        )  # fmt: skip
        keep(Custody(item=radio, agency=at[key], custodian=_chief(at[key]), from_on=date(2019, 3, 11)))
    keep(
        PropertyItem(
            tag="N-0005", name="Generator, towed", kind="Equipment", acquired_on=date(2008, 5, 5),
            cost=Decimal("8900.00"), disposed_on=date(2024, 10, 1), disposal=PropertyItem.Disposal.SEALED_BID,
            disposed_to=at["Millstead"].name, proceeds=Decimal("1610.00"),
        )
    )  # fmt: skip


def _chief(agency: Agency) -> str:
    chief = Official.objects.filter(agency=agency, capacity=Official.Capacity.CHIEF).order_by("-from_on").first()
    return chief.name if chief else "The chief"
