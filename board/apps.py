"""Who leads the body, who met when, what was decided and why it carried."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """The Board of Officers and the meetings."""

    name = "board"
    verbose_name = "Board and meetings"

    def ready(self) -> None:
        """Let the database itself keep approved minutes."""
        from board.models import ApprovedMinutes
        from nipas_admin.shared import triggers

        triggers.append_only(ApprovedMinutes)
