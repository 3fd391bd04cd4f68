"""What agencies can send, who is asked for what, who came, and who would."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Mutual aid."""

    name = "operations"
    verbose_name = "Mutual aid"

    def ready(self) -> None:
        """Open the room, keep what is written, and add to the demonstration."""
        from membership.demo import parts

        parts.register("operations.demo.load.load")
