"""Tables of the Board, in and out: what the admin's import and export use."""

from board.resources.bylaws import BylawsVersionResource
from board.resources.meetings import (
    AttendanceResource,
    ElectionResource,
    MeetingResource,
    MinutesResource,
    MotionResource,
    RollResource,
    VoteResource,
)
from board.resources.registers import (
    CommitteeResource,
    CorrespondenceResource,
    DissolutionResource,
    LegalDocumentResource,
    MinutesRequestResource,
    ObjectionResource,
    OperationalPlanResource,
    StaffAppointmentResource,
)
from board.resources.seats import OfficeTermResource, SeatResource

__all__ = [
    "AttendanceResource",
    "BylawsVersionResource",
    "CommitteeResource",
    "CorrespondenceResource",
    "DissolutionResource",
    "ElectionResource",
    "LegalDocumentResource",
    "MeetingResource",
    "MinutesRequestResource",
    "MinutesResource",
    "MotionResource",
    "ObjectionResource",
    "OfficeTermResource",
    "OperationalPlanResource",
    "RollResource",
    "SeatResource",
    "StaffAppointmentResource",
    "VoteResource",
]
