"""The addresses of the Treasurer's own pages, behind the sign-in of the admin."""

from documents.views import letter_addresses

app_name = "finance"
urlpatterns = [
    *letter_addresses("finance"),
]
