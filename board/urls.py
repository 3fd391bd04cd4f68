"""The addresses of the Board's own pages, behind the sign-in of the admin."""

from django.urls import URLPattern

app_name = "board"
urlpatterns: list[URLPattern] = []
