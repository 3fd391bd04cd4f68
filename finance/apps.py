"""What members owe and what was paid, what was spent and why, and the Treasurer's report."""

from django.apps import AppConfig


class FinanceConfig(AppConfig):
    """The Treasurer's books."""

    name = "finance"
    verbose_name = "Treasurer's books"
