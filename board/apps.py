"""Who leads the body, who met when, what was decided and why it carried."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """The Board of Officers and the meetings."""

    name = "board"
    verbose_name = "Board and meetings"

    def ready(self) -> None:
        """Let the database itself keep approved minutes, and tell membership which seats an agency's people hold."""
        from board.models import ApprovedMinutes
        from board.services import seat_names_held_by
        from membership.services import tell_seats
        from nipas_admin.shared import triggers

        triggers.append_only(ApprovedMinutes)
        tell_seats(seat_names_held_by)
