"""Who participates, since when, by which instruments, and until when."""

from django.apps import AppConfig


class MembershipConfig(AppConfig):
    """Agencies, instruments and participation."""

    name = "membership"
    verbose_name = "Membership"
