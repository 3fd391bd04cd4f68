"""The minutes of a meeting, printed from what ``compose`` says of it, drafted or frozen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString

from board.letters.business import ItemMinuted, Stored, business
from board.letters.parts import Step, hour, in_text, officer, on_day, stored_steps
from board.models import Meeting, Minutes
from board.rules.terms import Office
from board.services import compose
from documents.letters import Letter
from documents.markdown import to_html
from membership.letters.parts import Signer
from nipas_admin.shared.dated import in_words

DRAFT = "Draft, not approved"
OF_ONE_SITTING = 12  # the longest attendance that stands before the business; a longer one follows the signatures


@dataclass(frozen=True)
class Attended:
    """Somebody of the roll who came: each stay in words, and what else the Secretary noted."""

    name: str
    represented_by: str
    stays: tuple[tuple[str, str, str], ...]
    note: str


@dataclass(frozen=True)
class Attendance:
    """Who came, who did not, and what was settled of those whose status was not determined.

    ``represented``: do others answer for those on the roll? ``first``: does the table stand before the business?
    """

    who: str
    entitled: int
    afar: int
    came: tuple[Attended, ...]
    absent: tuple[str, ...]
    settled: tuple[str, ...]
    represented: bool
    first: bool


@dataclass(frozen=True)
class Approved:
    """How the minutes were approved, and the sum by which their content is known."""

    on: date
    motion: str
    sha256: str


@dataclass(frozen=True)
class Corrected:
    """A correction of approved minutes."""

    on: date
    text: SafeString
    motion: str


@dataclass(frozen=True, kw_only=True)
class MinutesPaper(Letter):
    """Minutes to read and sign. ``approved`` None: a draft."""

    kind: str
    on: str
    place: str
    presiding: str
    secretary: str
    bylaws: str
    called_to_order: str
    adjourned: str
    summoned: str
    purpose: str
    opening: SafeString
    closing: SafeString
    quorum: tuple[Step, ...]
    turns: tuple[str, ...]
    pauses: tuple[str, ...]
    attendance: Attendance
    items: tuple[ItemMinuted, ...]
    secretary_signs: Signer
    president_signs: Signer
    approved: Approved | None
    corrections: tuple[Corrected, ...]


def has_minutes(meeting: Meeting) -> bool:
    """Was it called to order?"""
    return meeting.called_to_order_at is not None


def minutes_of_meeting(meeting: Meeting, day: date) -> MinutesPaper:
    """The minutes of this meeting. Raises ValidationError, in words, while it has none."""
    found = Minutes.objects.filter(meeting=meeting).first()
    if found is None:
        raise ValidationError(f"{meeting} has not been called to order: there are no minutes yet.")
    return minutes(found, day)


def minutes(record: Minutes, day: date) -> MinutesPaper:
    """The minutes as of the day: a draft until they were approved, and the corrections made by then."""
    said = compose(record.meeting)
    head = said["meeting"]
    approved = _approved(record, day)
    title = f"Minutes of the {in_text(head['title'])}, {in_words(date.fromisoformat(head['on']))}"
    return MinutesPaper(
        title=title,
        as_on=day,
        about=str(record.meeting),
        notice=f"Approved on {in_words(approved.on)}" if approved else DRAFT,
        kind=in_text(head["title"]),
        on=on_day(date.fromisoformat(head["on"])),
        place=head["place"],
        presiding=head["presiding"] or "",
        secretary=head["secretary"] or "",
        bylaws=head["bylaws"] or "",
        called_to_order=hour(head["called_to_order"]),
        adjourned=hour(head["adjourned"]),
        summoned=head["notice"] or "",
        purpose=head["purpose"],
        opening=to_html(said["opening"]),
        closing=to_html(said["closing"]),
        quorum=tuple(_quorum(said["quorum"]["finding"])),
        turns=tuple(_turns(said["quorum"]["turns"], head["adjourned"])),
        pauses=tuple(_pauses(said["pauses"])),
        attendance=_attendance(said["attendance"], head["body"]),
        items=tuple(business(said)),
        secretary_signs=_signs(head["secretary"], "Secretary of the meeting", Office.SECRETARY, record),
        president_signs=_signs(head["presiding"], "Presiding officer", Office.PRESIDENT, record),
        approved=approved,
        corrections=tuple(_corrections(record, day)) if approved else (),
    )


def _signs(recorded: str | None, capacity: str, office: Office, record: Minutes) -> Signer:
    """Who signs: whoever acted at the meeting, or, where that is not recorded, who held the office on its day."""
    return Signer(capacity, recorded) if recorded else officer(office, record.meeting.on)


def _approved(record: Minutes, day: date) -> Approved | None:
    if not record.frozen or record.approved.approved_on > day:
        return None
    return Approved(record.approved.approved_on, str(record.approved.motion), record.approved.sha256)


def _corrections(record: Minutes, day: date) -> Iterator[Corrected]:
    for row in record.corrections.filter(corrected_on__lte=day).select_related("motion__meeting"):
        yield Corrected(row.corrected_on, to_html(row.text), str(row.motion) if row.motion else "")


# Who was there


def _quorum(finding: Stored) -> Iterator[Step]:
    yield from stored_steps(finding["because"])
    for item in finding["missing"]:
        yield Step(f"not determined; missing: {item}")


def _turns(turns: Sequence[Stored], adjourned: str | None) -> Iterator[str]:
    """When the quorum was gained and lost; that everybody leaves on adjourning goes without saying."""
    for turn in turns:
        if turn["stands"] or turn["at"] != adjourned:
            what = "gained" if turn["stands"] else "lost"
            yield f"{what} at {hour(turn['at'])}, {turn['present']} present"


def _pauses(pauses: Sequence[Stored]) -> Iterator[str]:
    for pause in pauses:
        until = f" until {hour(pause['until'])}" if pause["until"] else ""
        note = f": {pause['note']}" if pause["note"] else ""
        yield f"{pause['why']} from {hour(pause['from'])}{until}{note}"


def _attendance(roll: Sequence[Stored], body: str) -> Attendance:
    came = [entry for entry in roll if entry["stays"]]
    return Attendance(
        who="members in office" if body == "board" else "active agencies",
        entitled=sum(entry["entitled"] for entry in roll),
        afar=sum(any(stay["remote"] for stay in entry["stays"]) for entry in came),
        came=tuple(_attended(entry) for entry in came),
        absent=tuple(entry["name"] for entry in roll if entry["entitled"] and not entry["stays"]),
        settled=tuple(_settled(entry) for entry in roll if entry["settled_because"]),
        represented=any(entry["representative"] and not _for_itself(entry) for entry in came),
        first=len(came) <= OF_ONE_SITTING,
    )


def _attended(entry: Stored) -> Attended:
    stays = (
        (hour(stay["arrived"]), hour(stay["left"]), "From afar" if stay["remote"] else "In person")
        for stay in entry["stays"]
    )
    represented_by = "" if _for_itself(entry) else entry["representative"]
    note = f"Recused: {entry['recused']}" if entry["recused"] else ""
    return Attended(entry["name"], represented_by, tuple(stays), note)


def _for_itself(entry: Stored) -> bool:
    """Is it a member of the Board, who answers in person: ``Ada Stone, President``?"""
    return bool(entry["name"].startswith(f"{entry['representative']},"))


def _settled(entry: Stored) -> str:
    return f"{entry['name']}, {'counted' if entry['entitled'] else 'not counted'}: {entry['settled_because']}"
