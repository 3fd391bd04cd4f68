"""Every address the register answers."""

from django.contrib import admin
from django.urls import path

handler403 = "nipas_admin.site.permission_denied"
handler404 = "nipas_admin.site.page_not_found"

urlpatterns = [path("", admin.site.urls)]
