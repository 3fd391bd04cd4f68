"""The register of papers and the press that prints them."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Scans, issued PDFs and how they are made."""

    name = "documents"
    verbose_name = "Documents"

    def ready(self) -> None:
        """Let the database itself keep the bytes of papers, issued papers whole, and what mail says."""
        from documents import mailing, printing  # noqa: F401 - they register their kinds of work
        from documents.mail import sending  # noqa: F401 - registers its kind of work
        from documents.mail.startpage import OutboxStart
        from documents.models import OutgoingMail, Paper
        from nipas_admin.shared import rooms, startpage, triggers

        papers = rooms.records("documents.Paper", "Papers")
        mail = rooms.records("documents.OutgoingMail", "Outgoing mail")
        rooms.register(rooms.Room("documents", "Papers", 60, (papers, mail)))
        startpage.register(OutboxStart())
        triggers.append_only(Paper, columns=Paper.FIXED, entirely_when="OLD.kind = 'issued'")
        triggers.append_only(OutgoingMail, columns=OutgoingMail.FIXED)
        triggers.append_only(OutgoingMail.papers.through)
