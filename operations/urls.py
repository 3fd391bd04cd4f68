"""The addresses of mutual aid's own pages: behind the sign-in, but for the answer to an inquiry."""

from django.contrib import admin
from django.urls import path

from documents.views import letter_addresses
from operations import views
from operations.desk import views as desk

app_name = "operations"
private = admin.site.admin_view
urlpatterns = [
    *letter_addresses("operations"),
    path("desk/new/", private(desk.new), name="new"),
    path("desk/<int:pk>/", private(desk.desk), name="desk"),
    path("desk/<int:pk>/changed/", private(desk.changed), name="desk_changed"),
    path("desk/<int:pk>/aid/<int:key>/", private(desk.step), name="desk_step"),
    path("desk/<int:pk>/<slug:slug>/", private(desk.act), name="desk_act"),
    path("map/", private(views.region), name="region"),
    path("book/", private(views.book), name="book"),
    path("to-confirm/", private(views.to_confirm), name="to_confirm"),
    path("confirm/<int:pk>/", private(views.confirm), name="confirm"),
    path("readiness/ask/", private(views.ask), name="ask_readiness"),
    path("readiness/<int:pk>/links/", private(views.new_links), name="new_links"),
    path("answer/<str:token>/", views.answer, name="answer"),
]
