"""What agencies can send, who is asked for what, who came, and who would."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Mutual aid."""

    name = "operations"
    verbose_name = "Mutual aid"

    def ready(self) -> None:
        """Open the room, offer its papers, say what needs doing, and add to the demonstration."""
        from documents import access, letters
        from membership import agency_page, tables, verification
        from membership.demo import parts
        from nipas_admin.shared import numbers, rooms, startpage
        from nipas_admin.shared.rooms import page, records
        from operations import book  # noqa: F401 - registers its kind of work
        from operations.agency_page import AlarmCardsPart
        from operations.letters import KINDS
        from operations.models import AlarmAssignment
        from operations.numbers import incident_numbered
        from operations.startpage import OperationsStart
        from operations.verification import drift_of_mutual_aid

        letters.register(*KINDS)
        agency_page.register(AlarmCardsPart())
        numbers.register(numbers.INCIDENT, incident_numbered)
        startpage.register(OperationsStart())
        access.register_owner(AlarmAssignment, "approval_paper", agency="agency")
        entries = (
            # The alarm desk
            page("operations:new", "New incident", "operations.add_incident"),
            records("operations.Incident", "Incidents"),
            page("operations:region", "Map", "operations.view_incident", limited=False),
            records("operations.AlarmAssignment", "Alarm cards"),
            page("operations:book", "Book of cards", "operations.view_alarmassignment", limited=False),
            # What agencies hold
            records("operations.Resource", "Resources"),
            page("operations:to_confirm", "To confirm", "operations.view_resource"),
            # Who would come
            records("operations.ReadinessInquiry", "Readiness"),
            records("operations.PocketCardOrder", "Orders of pocket cards"),
        )
        seldom = (
            # What is set
            records("operations.ResourceType", "Catalogue"),
            records("operations.ResourceCategory", "Categories"),
            records("operations.FreshnessRule", "Freshness rules"),
            records("operations.DispatchCenter", "Dispatch centers"),
            records("operations.PocketCard", "Pocket card"),
        )
        rooms.register(rooms.Room("operations", "Mutual aid", 40, entries, seldom))
        verification.register(drift_of_mutual_aid)
        tables.register(
            resource_categories="operations.resources.ResourceCategoryResource",
            resource_types="operations.resources.ResourceTypeResource",
            freshness_rules="operations.resources.FreshnessRuleResource",
            dispatch_centers="operations.resources.DispatchCenterResource",
            resources="operations.resources.HoldingResource",
            pocket_card_orders="operations.resources.PocketCardOrderResource",
            alarm_cards="operations.resources.AlarmLineResource",
        )
        parts.register("operations.demo.load.load")
