"""Long work that runs outside the request."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs with progress that survive a closed browser and a restart."""

    name = "nipas_admin.jobs"
    label = "jobs"
    verbose_name = "Running work"

    def ready(self) -> None:
        """Stand in the navigation after all other rooms, and do the imports that take long."""
        from nipas_admin.jobs import imports
        from nipas_admin.shared import rooms, transfer

        rooms.register(rooms.Room("jobs", "Running work", 80, (rooms.records("jobs.Job", "Running work"),)))
        transfer.set_background(imports.start_import)
