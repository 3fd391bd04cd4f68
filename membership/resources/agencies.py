"""Agencies and the people who act for them, as tables."""

from __future__ import annotations

from typing import Any

from membership.models import Agency, County, Official
from membership.resources import illinois
from membership.resources.parts import AgencyOwned, shown
from nipas_admin.shared.columns import key, keys
from nipas_admin.shared.resources import Outcome, RecordResource
from nipas_admin.shared.tables import Table


class AgencyResource(RecordResource):
    """Agencies: by ORI, or by name where there is none. Takes the FBI's list of Illinois agencies as it is, too."""

    about = (
        "A row is an agency, told by its ORI, or by its name where it has none. Counties stand in one cell, with "
        "semicolons between. The FBI's list of Illinois agencies can be uploaded as it is; it adds what is missing."
    )
    natural_keys = [("ori",), ("name",)]
    counties = keys("counties", County, "name")
    status = shown("status", "status")

    class Meta(RecordResource.Meta):
        model = Agency
        fields = [
            "ori", "name", "status", "kind", "public_body", "governing_body", "counties", "street", "city", "zip_code",
            "telephone", "email", "latitude", "longitude", "sworn_officers", "sworn_as_of", "statute", "note",
        ]  # fmt: skip
        export_order = fields
        import_order = fields

    def take(self, table: Table, *, dry_run: bool, user: Any = None, source: str = "") -> Outcome:
        """As every table. The FBI's list only adds: agencies already in the register stay as they are."""
        if not illinois.is_the_list(table.headings):
            return super().take(table, dry_run=dry_run, user=user, source=source)
        known = {name.casefold() for pair in Agency.objects.values_list("ori", "name") for name in pair if name}
        counties = list(County.objects.values_list("name", flat=True))
        fresh, notes = illinois.as_agencies(table, known, counties)
        outcome = super().take(fresh, dry_run=dry_run, user=user, source=source)
        outcome.notes = notes
        return outcome


class OfficialResource(AgencyOwned):
    """Officials: by agency, name, capacity and first day."""

    natural_keys = [("agency", "name", "capacity", "from_on")]
    may_lack = ("from_on",)
    agency = key("agency", Agency, "ori", "name")
    agency_name = shown("agency__name", "agency_name")

    class Meta(RecordResource.Meta):
        model = Official
        fields = [
            "agency", "agency_name", "name", "title", "capacity", "from_on", "until_on", "telephone", "email",
        ]  # fmt: skip
        export_order = fields
        import_order = fields
