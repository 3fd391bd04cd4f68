"""What members owe and what was paid, what was spent and why, and the Treasurer's report."""

from django.apps import AppConfig


class FinanceConfig(AppConfig):
    """The Treasurer's books."""

    name = "finance"
    verbose_name = "Treasurer's books"

    def ready(self) -> None:
        """Open the room, answer who owes nothing, keep what is written, and say what needs doing."""
        from finance import models
        from finance.services import dues_check
        from membership import good_standing
        from nipas_admin.shared import triggers

        good_standing.register(dues_check)
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
