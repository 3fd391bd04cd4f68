"""What the Secretary keeps beside the meetings: committees, plans, letters, documents, requests; and the next AGM."""

from __future__ import annotations

from datetime import date

from board.demo.people import Cast
from board.demo.secretary import Session
from board.demo.stories import event, meeting
from board.models import (
    Committee,
    CommitteeMember,
    Correspondence,
    LegalDocument,
    Meeting,
    MinutesRequest,
    Motion,
    Objection,
    OperationalPlan,
    PlanReview,
)
from board.rules.motions import Gathering
from board.rules.terms import Office
from board.services import answer_letter, answer_request, record_review
from membership.demo.clerk import keep


def creates(
    cast: Cast, name: str, on: date, members: tuple[str, ...], until: date | None = None, *, purpose: str = "",
    nominating: bool = False,
) -> None:  # fmt: skip
    """A committee that the President created; the first member chairs it."""
    president = cast.holder(Office.PRESIDENT, on)
    committee = keep(
        Committee(
            name=name, kind=Committee.Kind.NOMINATING if nominating else Committee.Kind.OTHER, created_on=on,
            created_by=president.name if president else "", dissolved_on=until, purpose=purpose,
        )
    )  # fmt: skip
    for turn, key in enumerate(members):
        keep(
            CommitteeMember(
                committee=committee, official=cast.member(key, on), chairs=turn == 0, from_on=on, until_on=until
            )
        )


@event(date(2023, 2, 14))
def _(cast: Cast) -> None:
    members = ("Alder Crossing", "North Bellhaven", "Barrowfield")
    creates(cast, "Nominating Committee 2023", date(2023, 2, 14), members, date(2023, 5, 12), nominating=True)


@event(date(2023, 10, 3))
def _(cast: Cast) -> None:
    creates(
        cast, "Training Committee", date(2023, 10, 3), ("Thornmere", "White Egret", "Marlow County"),
        purpose="Plans the joint exercises.",
    )  # fmt: skip


@event(date(2024, 9, 11))
def _(cast: Cast) -> None:
    """The documents of the plan: one version replaced, one in use, its review of 2026 overdue."""
    kind = OperationalPlan.Kind
    adopted = Motion.objects.get(text__startswith="To adopt version 3 of the operational plan")
    keep(
        OperationalPlan(
            title="Operational plan", edition="2", adopted_on=date(2019, 6, 11), replaced_on=date(2024, 9, 10)
        )
    )
    plan = keep(OperationalPlan(title="Operational plan", edition="3", adopted_on=date(2024, 9, 10), motion=adopted))
    critical = keep(
        OperationalPlan(
            kind=kind.CRITICAL, title="Critical Incident Plan: river flood", edition="1", adopted_on=date(2022, 4, 12)
        )
    )
    keep(
        OperationalPlan(
            kind=kind.TEAM, title="Prairie Response Team guidelines", edition="7", adopted_on=date(2023, 11, 14)
        )
    )
    review, test = PlanReview.Kind.REVIEW, PlanReview.Kind.TEST
    keep(PlanReview(plan=plan, kind=review, due_on=date(2025, 9, 10)))
    record_review(
        plan=critical, kind=test, done_on=date(2024, 6, 18), next_due_on=date(2027, 6, 18),
        result="A table exercise with nine agencies; two telephone numbers were out of date.",
    )  # fmt: skip


@event(date(2025, 2, 11))
def _(cast: Cast) -> None:
    members = ("Bellhaven", "North Bellhaven", "South Amberfield")
    creates(cast, "Nominating Committee 2025", date(2025, 2, 11), members, date(2025, 5, 9), nominating=True)


@event(date(2025, 10, 14))
def _(cast: Cast) -> None:
    plan = OperationalPlan.objects.get(title="Operational plan", edition="3")
    result = "Reviewed by the System Manager; no change but the call signs of two agencies."
    record_review(
        plan=plan,
        kind=PlanReview.Kind.REVIEW,
        done_on=date(2025, 10, 14),
        next_due_on=date(2026, 10, 14),
        result=result,
    )


@event(date(2026, 11, 12))
def _(cast: Cast) -> None:
    members = ("Bramblewood", "Barrowfield", "Millstead")
    creates(cast, "Nominating Committee 2027", date(2026, 11, 12), members, nominating=True)


@event(date(2026, 11, 16))
def _(cast: Cast) -> None:
    keep(
        Objection(
            agency=cast.agency("Wheatmere"), received_on=date(2026, 11, 16), reason="It bought its radios last year.",
            motion=Motion.objects.get(text__startswith="To ask every agency to buy radios"),
            against="Radios of one make for every agency by 2028.",
        )
    )  # fmt: skip


@event(date(2026, 11, 20))
def _(cast: Cast) -> None:
    """Letters, answered and not; legal documents, one running out; and who asked for minutes."""
    came, went = Correspondence.Direction.IN, Correspondence.Direction.OUT
    asked = keep(
        Correspondence(
            direction=came, on=date(2026, 9, 2), party="Loon Landing Fire District", agency=None,
            subject="A joint drill with the fire service", answer_due_on=date(2026, 10, 1),
        )
    )  # fmt: skip
    answer_letter(letter=asked, on=date(2026, 9, 22), subject="A joint drill with the fire service: gladly, in April")
    keep(
        Correspondence(
            direction=came, on=date(2026, 10, 27), party="Quarrytown Police Department",
            agency=cast.agency("Quarrytown"), subject="Its own participation", answer_due_on=date(2026, 11, 27),
            note="Joined the Original Agreement too late for the class; the Board has yet to decide.",
        )
    )  # fmt: skip
    keep(
        Correspondence(
            direction=went, on=date(2026, 10, 20), party="Cranewood Police Department", agency=cast.agency("Cranewood"),
            subject="Notification and hearing on 12 January 2027",
        )
    )  # fmt: skip
    for title, dated_on, parties, until in (
        (
            "Intergovernmental agreement on the training center",
            date(2022, 1, 3),
            "Village of Bellhaven",
            date(2027, 1, 3),
        ),
        ("Lease of the office", date(2021, 9, 1), "Mill Road Properties (invented)", None),
        ("Letter on the tax standing of the body", date(1989, 4, 17), "", None),
    ):
        keep(
            LegalDocument(
                title=title, dated_on=dated_on, parties=parties, in_force_until_on=until, kept_where="Office, fire safe"
            )
        )
    for asked_on, key, meetings, answered in (
        (date(2026, 6, 1), "Briar Glen", [date(2026, 3, 10)], date(2026, 6, 3)),
        (date(2026, 11, 17), "Wheatmere", [date(2026, 11, 10), date(2026, 10, 13)], None),
    ):
        request = keep(MinutesRequest(asked_on=asked_on, asked_by=cast.agency(key).name, agency=cast.agency(key)))
        request.meetings.set(Meeting.objects.filter(kind=Gathering.BOARD.value, called_to_order_at__date__in=meetings))
        if answered:
            answer_request(request=request, on=answered, answer="Sent as approved, by e-mail")


@meeting(
    Gathering.ANNUAL,
    date(2027, 5, 13),
    "The next annual meeting: an open objection, the minutes of the last one and what was carried over have put "
    "themselves on its agenda, and the election of President and Vice-President is prepared (Bylaws Art. V §8).",
    hour="19:00",
)
def _(session: Session) -> None:
    item = session.item("Election of President and Vice-President")
    president = session.election(Office.PRESIDENT, item)
    session.election(Office.VICE_PRESIDENT, item)
    session.presents(president, session.cast.chief("Loon Landing", date(2026, 11, 23)), date(2026, 11, 23))
