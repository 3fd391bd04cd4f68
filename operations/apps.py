"""What agencies can send, who is asked for what, who came, and who would."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Mutual aid."""

    name = "operations"
    verbose_name = "Mutual aid"
