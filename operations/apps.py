"""What agencies can send, who is asked for what, who came, and who would."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Mutual aid."""

    name = "operations"
    verbose_name = "Mutual aid"

    def ready(self) -> None:
        """Open the room, keep what is written, and add to the demonstration."""
        from membership import verification
        from membership.demo import parts
        from operations.verification import drift_of_mutual_aid

        verification.register(drift_of_mutual_aid)
        parts.register("operations.demo.load.load")
