"""The records of the Board."""

from board.models.bylaws import BylawsVersion, DecisionThreshold
from board.models.elections import Ballot, BallotCount, Election, Nominee
from board.models.meetings import AgendaItem, Attendance, Meeting, Pause, RollEntry
from board.models.minutes import ApprovedMinutes, Minutes, MinutesCorrection, MinutesRequest
from board.models.motions import Motion, Vote
from board.models.registers import (
    CalendarAddress,
    Committee,
    CommitteeMember,
    Correspondence,
    Dissolution,
    DissolutionStep,
    LegalDocument,
    Objection,
    OperationalPlan,
    PlanReview,
    StaffAppointment,
)
from board.models.seats import OfficeTerm, Seat

__all__ = [
    "AgendaItem",
    "ApprovedMinutes",
    "Attendance",
    "Ballot",
    "BallotCount",
    "BylawsVersion",
    "CalendarAddress",
    "Committee",
    "CommitteeMember",
    "Correspondence",
    "DecisionThreshold",
    "Dissolution",
    "DissolutionStep",
    "Election",
    "LegalDocument",
    "Meeting",
    "Minutes",
    "MinutesCorrection",
    "MinutesRequest",
    "Motion",
    "Nominee",
    "Objection",
    "OfficeTerm",
    "OperationalPlan",
    "Pause",
    "PlanReview",
    "RollEntry",
    "Seat",
    "StaffAppointment",
    "Vote",
]
