"""The Board's papers, each kind under the name by which documents knows it."""

from functools import partial

from board.letters.ballots import ballots, has_ballot_ahead, tally_sheet
from board.letters.certificates import certificate, is_decided
from board.letters.minutes import has_minutes, minutes, minutes_of_meeting
from board.letters.notices import meeting_is_called, notice, notice_to_agency
from board.letters.parts import may_meet
from board.letters.roll import roll_sheet
from board.letters.roster import roster
from board.models import Election, Meeting, Minutes, Motion
from documents.letters import LetterKind
from membership.models import Agency

LEAVES = "board/pdf/"
of_meeting = partial(LetterKind, record=Meeting, permission="board.view_meeting")
of_election = partial(LetterKind, record=Election, permission="board.view_election", offered=has_ballot_ahead)

KINDS = (
    of_meeting("board.notice", "Notice with agenda", template=f"{LEAVES}notice.html", build=notice,
               shared_with_agencies=True, offered=may_meet),
    LetterKind(
        "board.agency_notice", "Notice of the next meeting", Agency, "board.view_meeting", f"{LEAVES}notice.html",
        notice_to_agency, agency_path="pk", offered=meeting_is_called,
    ),
    of_meeting("board.roll_sheet", "Roll-call sheet", template=f"{LEAVES}roll_sheet.html", build=roll_sheet,
               offered=may_meet),
    of_meeting("board.meeting_minutes", "Minutes", template=f"{LEAVES}minutes.html", build=minutes_of_meeting,
               offered=has_minutes),
    of_election("board.ballots", "Ballots", template=f"{LEAVES}ballots.html", build=ballots),
    of_election("board.tally_sheet", "Tally sheet", template=f"{LEAVES}tally_sheet.html", build=tally_sheet),
    LetterKind("board.minutes", "Minutes", Minutes, "board.view_minutes", f"{LEAVES}minutes.html", minutes),
    LetterKind(
        "board.certificate", "Certificate of a vote", Motion, "board.view_motion", f"{LEAVES}certificate.html",
        certificate, offered=is_decided,
    ),
    LetterKind("board.roster", "Board roster", None, "board.view_officeterm", f"{LEAVES}roster.html", roster),
)  # fmt: skip
