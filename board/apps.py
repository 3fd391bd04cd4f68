"""Who leads the body, who met when, what was decided and why it carried."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """The Board of Officers and the meetings."""

    name = "board"
    verbose_name = "Board and meetings"

    def ready(self) -> None:
        """Open the room, say what needs doing, keep approved minutes, and answer what membership asks."""
        from board import models
        from board.letters import KINDS
        from board.letters.parts import secretary_on
        from board.services import seat_names_held_by
        from board.startpage import BoardStart
        from board.verification import drift_of_the_board
        from documents import access, letters
        from membership import verification
        from membership.demo import parts
        from membership.letters.parts import tell_secretary
        from membership.services import tell_seats
        from nipas_admin.shared import rooms, startpage, triggers
        from nipas_admin.shared.rooms import page, records

        triggers.append_only(models.ApprovedMinutes)
        tell_seats(seat_names_held_by)
        startpage.register(BoardStart())
        tell_secretary(secretary_on)
        letters.register(*KINDS)
        parts.register("board.demo.load.load")
        verification.register(drift_of_the_board)
        entries = (
            page("board:board", "The Board on a day", "board.view_officeterm"),
            page("board:papers", "Meetings and minutes", "board.view_approvedminutes", limited=True),
            records("board.Meeting", "Meetings"),
            records("board.Motion", "Motions"),
            records("board.Election", "Elections"),
            records("board.Minutes", "Minutes"),
            records("board.OfficeTerm", "Terms of office"),
        )
        seldom = (
            records("board.BylawsVersion", "Bylaws versions"),
            records("board.Objection", "Objections"),
            records("board.Committee", "Committees"),
            records("board.OperationalPlan", "Operational plans"),
            records("board.StaffAppointment", "Staff"),
            records("board.Correspondence", "Correspondence"),
            records("board.LegalDocument", "Legal documents"),
            records("board.MinutesRequest", "Requests for minutes"),
            records("board.Dissolution", "Dissolution"),
            page("board:my_calendar", "My calendar address"),
        )
        rooms.register(rooms.Room("board", "Board", 20, entries, seldom))
        # Papers of the body itself, its plans and charters, belong to no agency and stay with those who work for it.
        for model, paper in (
            (models.RollEntry, "designation"),
            (models.Objection, "letter"),
            (models.Correspondence, "paper"),
        ):
            access.register_owner(model, paper, agency="agency")
