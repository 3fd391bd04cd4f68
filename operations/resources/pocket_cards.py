"""Orders of pocket cards as a table."""

from __future__ import annotations

from nipas_admin.shared.resources import RecordResource
from operations.models import PocketCardOrder
from operations.resources.parts import agency, shown


class PocketCardOrderResource(RecordResource):
    """Orders of pocket cards: by agency, day, and whom they go to."""

    about = (
        "A row is what one agency ordered on one day for one person or desk (deliver_to). Give the day they were sent "
        "(sent_on) for cards that are sent. An order that was sent stays as it is."
    )
    natural_keys = [("agency", "ordered_on", "deliver_to")]
    agency = agency()
    agency_name = shown("agency__name", "agency_name")

    class Meta(RecordResource.Meta):
        model = PocketCardOrder
        fields = ["agency", "agency_name", "ordered_on", "quantity", "deliver_to", "sent_on", "note"]
        export_order = fields
        import_order = fields
