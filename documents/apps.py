"""The register of papers and the press that prints them."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Scans, issued PDFs and how they are made."""

    name = "documents"
    verbose_name = "Documents"
