"""The register's own addresses, and two views that go wrong."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.urls import path

from nipas_admin import urls

handler403 = urls.handler403
handler404 = urls.handler404


def refuse(request):
    raise PermissionDenied("Only the Secretary may choose the governing date.")


def fail(request):
    raise RuntimeError("a fault of ours")


urlpatterns = [path("refuse/", refuse), path("fail/", fail), *urls.urlpatterns]
