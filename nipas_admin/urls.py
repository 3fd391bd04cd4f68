"""Every address the register answers."""

from django.contrib import admin
from django.urls import include, path

handler403 = "nipas_admin.site.permission_denied"
handler404 = "nipas_admin.site.page_not_found"

urlpatterns = [
    path("membership/", include("membership.urls")),
    path("board/", include("board.urls")),
    path("finance/", include("finance.urls")),
    path("operations/", include("operations.urls")),
    path("", admin.site.urls),
]
