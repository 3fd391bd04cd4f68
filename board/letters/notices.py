"""The notice of a meeting with its agenda, to all at once or to one agency."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError

from board.letters.parts import QuorumSaid, Step, at_hour, must_stand, named, nominated, officer, quorum_said, steps
from board.models import AgendaItem, Meeting
from board.querysets import MeetingQuerySet
from board.rules.motions import Gathering, Kind, amendment_in_order, last_day_to_send
from board.rules.terms import Body, BylawsTerms, Office
from board.services import clock, outline, terms_of
from documents.letters import Letter
from membership.letters.notices import address_of
from membership.letters.parts import Signer, signers_of
from membership.models import Agency, Official
from membership.rules.facts import Status
from nipas_admin.shared.citations import BYLAWS
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact

TO_ALL = {
    Body.ASSEMBLY: ("To the chief executive officers and designees", "of all participating agencies"),
    Body.BOARD: ("To the members of the Board",),
}
RECEIVES = (Status.ACTIVE.value, Status.SUSPENDED.value, Status.NOT_DETERMINED.value)


@dataclass(frozen=True)
class Business:
    """One item of the agenda under its number, ``2.1``; ``marks`` tell how it came on it.

    ``begins`` is its hour as planned; empty where no time is allotted to anything.
    """

    number: str
    depth: int
    title: str
    detail: str
    sponsor: str
    begins: str
    minutes: int | None
    marks: tuple[str, ...]


@dataclass(frozen=True)
class AmendmentNoticed:
    """An amendment of the bylaws on the agenda: where its text is, and the arithmetic of its days."""

    title: str
    sent: bool
    why: tuple[Step, ...]


@dataclass(frozen=True)
class OfficeOpen:
    """An office that the meeting elects, and who is nominated so far."""

    office: str
    nominees: str


@dataclass(frozen=True, kw_only=True)
class Notice(Letter):
    """A meeting called: where and when, what it takes, and its business. ``only_named``: it may do nothing else."""

    addressee: tuple[str, ...]
    kind: str
    hour: str
    place: str
    remote_access: str
    called_by: str
    quorum: QuorumSaid
    purpose: str
    only_named: bool
    amendments: tuple[AmendmentNoticed, ...]
    offices: tuple[OfficeOpen, ...]
    agenda: tuple[Business, ...]
    secretary: Signer


def notice(meeting: Meeting, day: date) -> Notice:
    """The notice as of the day, addressed to all at once. Raises ValidationError for a meeting that was cancelled."""
    must_stand(meeting)
    return Notice(
        title=f"Notice of the {named(meeting)}, {in_words(meeting.on)}",
        as_on=day,
        about=str(meeting),
        addressee=TO_ALL[meeting.body],
        kind=named(meeting),
        hour=at_hour(meeting.starts_at),
        place=meeting.place,
        remote_access=meeting.remote_access,
        called_by=meeting.get_called_by_display().replace("The", "the"),
        quorum=quorum_said(meeting),
        purpose=meeting.purpose,
        only_named=meeting.gathering is Gathering.SPECIAL,
        amendments=tuple(_amendments(meeting)),
        offices=tuple(_offices(meeting)),
        agenda=tuple(_business(meeting)),
        secretary=officer(Office.SECRETARY, day),
    )


def notice_to_agency(agency: Agency, day: date, meeting: Meeting | None = None) -> Notice:
    """The notice of this meeting, or else of the next annual or special one, addressed to the agency's chief.

    Raises ValidationError when no such meeting is called, or the agency does not participate on the day.
    """
    meeting = meeting or _called().filter(starts_at__date__gte=day).order_by("starts_at").first()
    if meeting is None:
        raise ValidationError(f"No annual or special meeting is called for {in_words(day)} or a later day.")
    if Agency.objects.with_status_on(day).get(pk=agency.pk).status not in RECEIVES:
        raise ValidationError(
            f"{agency} does not participate on {in_words(day)}: notices go to participating agencies."
        )
    chief = signers_of(agency, day)[Official.Capacity.CHIEF]
    return replace(notice(meeting, day), about=f"{agency} {meeting}", addressee=address_of(agency, chief))


def meeting_is_called(agency: Agency) -> bool:
    """Is an annual or special meeting called that has not been held?"""
    found: bool = _called().exists()
    return found


def _called() -> MeetingQuerySet:
    called = Meeting.objects.standing().exclude(kind=Gathering.BOARD.value)
    return called.filter(called_to_order_at__isnull=True)


def _business(meeting: Meeting) -> Iterator[Business]:
    for line in outline(meeting):
        item = line.item
        yield Business(
            number=line.number,
            depth=line.depth,
            title=item.title,
            detail=item.detail,
            sponsor=item.sponsor,
            begins=clock(line.at) if line.at else "",
            minutes=item.minutes_allotted,
            marks=tuple(_marks(meeting, item)),
        )


def _marks(meeting: Meeting, item: AgendaItem) -> Iterator[str]:
    if item.came_from is not None:
        yield f"Carried over from the {item.came_from.meeting}"
    elif item.source != AgendaItem.Source.ENTERED:
        yield item.get_source_display()
    if meeting.gathering is Gathering.SPECIAL and not item.named_in_call:
        yield "Not named in the call: no motion may be made"


def _amendments(meeting: Meeting) -> Iterator[AmendmentNoticed]:
    terms = terms_of(meeting)
    motions = meeting.motions.filter(kind=Kind.BYLAWS_AMENDMENT.value).exclude(state="withdrawn")
    for motion in motions.select_related("proposed_bylaws").order_by("number"):
        title = str(motion.proposed_bylaws)
        if terms is None:
            why: tuple[Step, ...] = (Step("how long before the meeting it is sent: the figures are not known"),)
        elif motion.sent_on is None:
            why = steps([_still_to_send(meeting, terms)])
        else:
            found = amendment_in_order(motion.sent_on, motion.recommended_on, meeting.on, terms)
            why = (*steps((*found.because, *found.flags)), *(Step(f"still missing: {item}") for item in found.missing))
        yield AmendmentNoticed(title, motion.sent_on is not None, why)


def _still_to_send(meeting: Meeting, terms: BylawsTerms) -> Fact:
    last = in_words(last_day_to_send(meeting.on, terms))
    text = f"to be sent to all participating agencies by {last}: {in_words(meeting.on)} less {terms.notice_days} days"
    return Fact(text, citations=(BYLAWS.at("XV", 1),))


def _offices(meeting: Meeting) -> Iterator[OfficeOpen]:
    for election in meeting.elections.whole().order_by("seat"):
        names = [
            f"{nominee.official.name}, {nominee.official.agency.name} ({nominated(nominee.get_by_display())})"
            for nominee in election.nominees.all()
            if not nominee.declined
        ]
        yield OfficeOpen(str(election.seat), "; ".join(names))
