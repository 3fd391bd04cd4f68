"""Every address of the register, whose refusals are drawn without the frame: what they say is asked, and soon said."""

from django.http import HttpRequest, HttpResponse

from nipas_admin.urls import urlpatterns as urlpatterns


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, and why."""
    return HttpResponse(str(exception), status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, and why."""
    return HttpResponse(str(exception), status=404)


handler403, handler404 = refused, not_found
