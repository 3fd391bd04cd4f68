"""The addresses of the Treasurer's own pages, behind the sign-in of the admin."""

from django.contrib import admin
from django.urls import path

from documents.views import letter_addresses
from finance import money_views, report_views

app_name = "finance"
private = admin.site.admin_view
urlpatterns = [
    *letter_addresses("finance"),
    path("owes/", private(money_views.owes), name="owes"),
    path("report/", private(report_views.report), name="report"),
    path("report/paper/", private(report_views.paper), name="report_paper"),
    path("report/figures/", private(report_views.figures), name="report_figures"),
    path("journal/", private(report_views.journal), name="journal"),
]
