"""The addresses of membership's own pages, behind the sign-in of the admin."""

from django.contrib import admin
from django.urls import path

from documents.views import letter_addresses
from membership import views

app_name = "membership"
urlpatterns = [
    path("what-if/", admin.site.admin_view(views.what_if), name="what_if"),
    path("adoption/", admin.site.admin_view(views.adoption), name="adoption"),
    *letter_addresses("membership"),
]
