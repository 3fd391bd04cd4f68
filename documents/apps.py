"""The register of papers and the press that prints them."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Scans, issued PDFs and how they are made."""

    name = "documents"
    verbose_name = "Documents"

    def ready(self) -> None:
        """Let the database itself keep the bytes of papers, and issued papers whole."""
        from documents import printing  # noqa: F401 - registers its kind of work
        from documents.models import Paper
        from nipas_admin.shared import rooms, triggers

        rooms.register(rooms.Room("documents", "Papers", 60, (rooms.records("documents.Paper", "Papers"),)))
        triggers.append_only(Paper, columns=Paper.FIXED, entirely_when="OLD.kind = 'issued'")
