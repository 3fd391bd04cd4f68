"""What members owe and what was paid, what was spent and why, and the Treasurer's report."""

from django.apps import AppConfig


class FinanceConfig(AppConfig):
    """The Treasurer's books."""

    name = "finance"
    verbose_name = "Treasurer's books"

    def ready(self) -> None:
        """Open the room, answer who owes nothing, keep what is written, and say what needs doing."""
        from documents import access, letters
        from finance import guards, models, running  # noqa: F401 - registers its kind of work
        from finance.agency_page import FinancePart
        from finance.incident_page import CostsOfIncident
        from finance.letters import KINDS
        from finance.services import dues_check
        from finance.spending_start import SpendingStart
        from finance.startpage import FinanceStart
        from finance.verification import drift_of_the_books
        from membership import agency_page, good_standing, tables, verification
        from membership.demo import parts
        from nipas_admin.shared import numbers, rooms, startpage, triggers
        from nipas_admin.shared import parts as of_pages
        from nipas_admin.shared.rooms import page, records

        good_standing.register(dues_check)
        verification.register(drift_of_the_books)
        startpage.register(FinanceStart())
        startpage.register(SpendingStart())
        agency_page.register(FinancePart())
        of_pages.register(numbers.INCIDENT, CostsOfIncident())
        letters.register(*KINDS)
        entries = (
            # Asking for money
            records("finance.InvoiceRun", "Invoice runs"),
            records("finance.Invoice", "Invoices"),
            # Money that comes in
            page("admin:finance_payment_add", "Record a payment", "finance.add_payment"),
            records("finance.Payment", "Payments"),
            records("finance.Deposit", "Deposits"),
            records("finance.BankStatement", "Bank statements"),
            page("finance:owes", "Who owes", "finance.view_payment"),
            records("finance.Reminder", "Reminders"),
            # Money that goes out
            records("finance.Disbursement", "Disbursements"),
            records("finance.DisbursementReport", "Disbursement reports"),
            # The report
            page("finance:report", "Treasurer's report", "finance.view_fiscalyear"),
            page("finance:journal", "General journal", "finance.view_fiscalyear"),
        )
        seldom = (
            # Between agencies, and what NIPAS owns
            records("finance.CostRequest", "Cost requests"),
            records("finance.Claim", "Claims"),
            records("finance.PropertyItem", "Property"),
            # What the Board set
            records("finance.FiscalYear", "Fiscal years"),
            records("finance.Rate", "Rates"),
            records("finance.BudgetLine", "Budget"),
            records("finance.DuesPolicy", "Dues policies"),
            records("finance.DisbursementPolicy", "Disbursement policies"),
            records("finance.Institution", "Financial institutions"),
            records("finance.Fund", "Funds"),
            records("finance.Category", "Categories"),
            records("finance.OpeningBalance", "Opening balances"),
        )
        rooms.register(rooms.Room("finance", "Treasurer", 30, entries, seldom))
        tables.register(
            fiscal_years="finance.resources.FiscalYearResource",
            funds="finance.resources.FundResource",
            categories="finance.resources.CategoryResource",
            institutions="finance.resources.InstitutionResource",
            opening_balances="finance.resources.OpeningBalanceResource",
            dues_policies="finance.resources.DuesPolicyResource",
            rates="finance.resources.RateResource",
            budget="finance.resources.BudgetLineResource",
            invoices="finance.resources.InvoiceResource",
            property="finance.resources.PropertyItemResource",
        )
        parts.register("finance.demo.load.load")
        for kept in (
            models.Invoice,
            models.Payment,
            models.Allocation,
            models.Disbursement,
            models.DisbursementPayment,
        ):
            triggers.append_only(kept, columns=kept.FIXED)
        for whole in (
            models.InvoiceLine,
            models.DisbursementReview,
            models.DisbursementApproval,
            models.DisbursementReport,
            models.Reminder,
            models.ReminderItem,
        ):
            triggers.append_only(whole)
        guards.declare()
        # The papers of a request for costs are open to both agencies.
        for paper in ("request_paper", "decision_paper"):
            for side in ("aiding", "stricken"):
                access.register_owner(models.CostRequest, paper, agency=side)
