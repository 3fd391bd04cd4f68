"""Who participates, since when, by which instruments, and until when."""

from django.apps import AppConfig


class MembershipConfig(AppConfig):
    """Agencies, instruments and participation."""

    name = "membership"
    verbose_name = "Membership"

    def ready(self) -> None:
        """Open the room, answer whose rows a person sees, and say what needs doing."""
        from documents import access, letters
        from membership import models
        from membership.letters import KINDS
        from membership.models.agencies import agencies_of
        from membership.startpage import MembershipStart
        from nipas_admin.shared import rooms, scope, startpage
        from nipas_admin.shared.rooms import page, records

        scope.set_provider(agencies_of)
        letters.register(*KINDS)
        startpage.register(MembershipStart())
        rooms.search_in("membership.Agency", "Find an agency")
        entries = (
            records("membership.Agency", "Agencies"),
            records("membership.Official", "Officials"),
            records("membership.Approval", "Approvals"),
            records("membership.Execution", "Executions"),
            records("membership.Participation", "Participation"),
            records("membership.Application", "Applications"),
            records("membership.TerminationNotice", "Termination Notices"),
            records("membership.Proceeding", "Proceedings"),
            records("membership.TeamParticipation", "Teams"),
            records("membership.InsuranceCertificate", "Insurance"),
            records("membership.AgreementVersion", "Agreement versions"),
            page("membership:adoption", "Adoption progress", "membership.view_participation", limited=False),
            page("membership:what_if", "What if", "membership.view_participation"),
        )
        rooms.register(rooms.Room("membership", "Membership", 10, entries))
        for model, paper, agency in (
            (models.Approval, "scan", "agency"),
            (models.Execution, "scan", "agency"),
            (models.Participation, "board_paper", "agency"),
            (models.Application, "letter", "agency"),
            (models.Application, "recommendation", "agency"),
            (models.Application, "decision_paper", "agency"),
            (models.TerminationNotice, "scan", "participation__agency"),
            (models.TerminationNotice, "rescission_paper", "participation__agency"),
            (models.Proceeding, "notification", "participation__agency"),
            (models.Proceeding, "decision_paper", "participation__agency"),
            (models.TeamParticipation, "agreement_paper", "participation__agency"),
            (models.InsuranceCertificate, "scan", "agency"),
        ):
            access.register_owner(model, paper, agency=agency)
