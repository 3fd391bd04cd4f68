"""Long work that runs outside the request."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs with progress that survive a closed browser and a restart."""

    name = "nipas_admin.jobs"
    label = "jobs"
    verbose_name = "Running work"
