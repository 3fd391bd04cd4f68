"""Running work: a list for those who may see it, and a page for each piece of work."""

from __future__ import annotations

from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from nipas_admin.jobs import services
from nipas_admin.jobs.models import Job
from nipas_admin.shared import scope
from nipas_admin.shared.badges import badge
from nipas_admin.shared.downloads import as_download

SECONDS_BETWEEN_LOOKS = 2
PAUSED = "paused"

LOOKS = {
    Job.State.WAITING: "prospect",
    Job.State.RUNNING: "notice_pending",
    Job.State.DONE: "done",
    Job.State.FAILED: "overdue",
    Job.State.CANCELLED: "ended",
}


@admin.register(Job)
class JobAdmin(admin.ModelAdmin[Job]):
    """Work is asked for elsewhere and nothing is typed here: one looks, cancels, continues and takes the result."""

    list_display = ["title", "standing", "progress", "requested_by", "asked"]
    list_filter = ["state"]
    list_select_related = ["requested_by"]
    search_fields = ["title"]
    search_help_text = "Words of the title"
    actions = None
    change_form_template = "admin/jobs/job/page.html"

    @admin.display(description="Status", ordering="state")
    def standing(self, job: Job) -> SafeString:
        """The state as a badge."""
        return badge(LOOKS[Job.State(job.state)], job.get_state_display())

    @admin.display(description="Done")
    def progress(self, job: Job) -> str:
        """In figures."""
        return job.progress

    @admin.display(description="Asked", ordering="created_at")
    def asked(self, job: Job) -> str:
        """When, in short."""
        return date_format(localtime(job.created_at), "SHORT_DATETIME_FORMAT")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        """Everybody's work for those who may see it; their own for all others."""
        jobs = super().get_queryset(request)
        sees_all = request.user.has_perm("jobs.view_job") and scope.agencies_of(request.user) is None
        return jobs if sees_all else jobs.filter(requested_by=request.user.pk)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: work is asked for where it is needed."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Nobody."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Those whose role shows them the list, and everyone for their own work."""
        return super().has_view_permission(request, obj) or (obj is not None and obj.requested_by_id == request.user.pk)

    def may_act(self, request: HttpRequest, job: Job) -> bool:
        """Only the person who asked for the work, and superusers, may steer it and take its result."""
        return bool(request.user.is_active and (request.user.is_superuser or job.requested_by_id == request.user.pk))

    def get_urls(self) -> list[Any]:
        """The pages, and the acts on one piece of work."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/cancel/", view(self.cancel_view), name="jobs_job_cancel"),
            path("<int:pk>/continue/", view(self.continue_view), name="jobs_job_continue"),
            path("<int:pk>/result/", view(self.result_view), name="jobs_job_result"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, under the name the navigation gives it."""
        return super().changelist_view(request, {"title": "Running work", **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of one piece of work; it looks again by itself until the work has ended."""
        job = self.get_object(request, object_id)
        if job is None or not self.has_view_permission(request, job):
            return super().change_view(request, object_id, form_url, extra_context)
        looks_again = not job.is_finished and PAUSED not in request.GET
        context = {
            "job": job,
            "status": LOOKS[Job.State(job.state)],
            "may_act": self.may_act(request, job),
            "is_silent": job.is_silent(timezone.now()),
            "looks_again": looks_again,
            "seconds": SECONDS_BETWEEN_LOOKS,
            "title": job.title,
            "subtitle": None,
        }
        response = super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})
        if looks_again:
            response["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
        return response

    @method_decorator(require_POST)
    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Cancel the work."""
        job = self._own(request, pk)
        return self._after(request, job, lambda: services.cancel(job), "Canceled. What was done is kept.")

    @method_decorator(require_POST)
    def continue_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Continue the work."""
        job = self._own(request, pk)
        return self._after(request, job, lambda: services.carry_on(job), "The work goes on where it stopped.")

    @method_decorator(require_safe)
    def result_view(self, request: HttpRequest, pk: int) -> FileResponse:
        """The file that came of the work."""
        job = self._own(request, pk)
        if not job.result:
            raise Http404("This work has no result to take.")
        name = PurePosixPath(str(job.result.name)).name
        return as_download(job.result.open(), name, guess_type(name)[0] or "application/octet-stream")

    def _own(self, request: HttpRequest, pk: int) -> Job:
        job = self.get_queryset(request).filter(pk=pk).first()
        if job is None:
            raise Http404("There is no such work.")
        if not self.may_act(request, job):
            raise PermissionDenied("Only the person who asked for this work may do that.")
        return job

    def _after(self, request: HttpRequest, job: Job, act: Any, said: str) -> HttpResponse:
        try:
            act()
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
        else:
            self.message_user(request, said)
        return HttpResponseRedirect(reverse("admin:jobs_job_change", args=[job.pk]))
