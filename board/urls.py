"""The addresses of the Board's own pages, behind the sign-in of the admin."""

from django.contrib import admin
from django.urls import path

from board import portal_views, views
from board.live import views as live
from documents.views import letter_addresses

app_name = "board"
private = admin.site.admin_view
urlpatterns = [
    *letter_addresses("board"),
    path("board/", private(views.board), name="board"),
    path("papers/", private(portal_views.papers), name="papers"),
    path("papers/<int:pk>/", private(portal_views.paper), name="paper"),
    path("papers/<int:pk>/notice/", private(portal_views.notice), name="own_notice"),
    path("papers/<int:pk>/minutes/", private(portal_views.approved_minutes), name="approved_minutes"),
    path("calendar/", private(views.my_calendar), name="my_calendar"),
    path("calendar/<slug:token>.ics", views.feed, name="calendar"),
    path("meetings/<int:pk>/live/", private(live.live), name="live"),
    path("meetings/<int:pk>/projector/", private(live.projector), name="projector"),
    path("meetings/<int:pk>/live/changes/", private(live.changes), name="live_changes"),
    path("meetings/<int:pk>/live/roll/", private(live.roll), name="live_roll"),
    path("meetings/<int:pk>/live/press/", private(live.press), name="live_press"),
    path("meetings/<int:pk>/live/item/<int:key>/", private(live.item), name="live_item"),
    path("meetings/<int:pk>/live/held/<int:key>/", private(live.election), name="live_election"),
    path("meetings/<int:pk>/live/act/<slug:slug>/", private(live.act), name="live_act"),
    path("meetings/<int:pk>/live/act/<slug:slug>/<int:key>/", private(live.act), name="live_act"),
]
