"""Stories of leaving and coming back, of suspensions and of the Board's other decisions.

A proceeding that the Board decided from 2023 on is left open here: the motion that decided it stands in the Board's own
part of the demonstration.
"""

from __future__ import annotations

from datetime import date

from membership.demo.clerk import Clerk, keep
from membership.demo.stories import story
from membership.rules.leaving import Ground
from membership.services import rescind_notice


@story("Oakhollow", "Left long ago: its notice of 1996 took effect on 1 May 1997.")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1984, 3, 5), date(1984, 3, 19))
    clerk.gives_notice(date(1996, 10, 8))


@story("Fallowdale", "Notice received on 31 December 2025: out on 1 May 2026.", ordinary=True)
def _(clerk: Clerk) -> None:
    clerk.gives_notice(date(2025, 12, 31), dated_on=date(2025, 12, 29))


@story(
    "Copper Bend",
    "Notice received on 1 January 2026, one day later than Fallowdale's: out on 1 May 2027.",
    ordinary=True,
)
def _(clerk: Clerk) -> None:
    clerk.gives_notice(date(2026, 1, 1), dated_on=date(2026, 1, 1))


@story(
    "Reedmarsh", "Notice received on 30 April 2026, a day before 1 May: out on 1 May of the year after.", ordinary=True
)
def _(clerk: Clerk) -> None:
    clerk.gives_notice(date(2026, 4, 30))


@story(
    "Barley Mill", "Letter dated 30 December 2025, received 2 January 2026: the day of receipt governs.", ordinary=True
)
def _(clerk: Clerk) -> None:
    clerk.gives_notice(date(2026, 1, 2), dated_on=date(2025, 12, 30), received_by="secretary")


@story("Goldfinch", "A notice is running; its places in two teams end with it on 1 May 2027.", ordinary=True)
def _(clerk: Clerk) -> None:
    clerk.takes_part("PRT", date(2019, 9, 9), 2, agreement_on=date(2019, 8, 26), compliant_on=date(2019, 9, 9))
    clerk.takes_part("CMT", date(2021, 1, 11), 4, agreement_on=date(2020, 12, 14))
    clerk.gives_notice(date(2026, 8, 17), dated_on=date(2026, 8, 14))


@story(
    "Sedgewater", "A second notice, in February 2026, while the first was running: it changed nothing.", ordinary=True
)
def _(clerk: Clerk) -> None:
    clerk.gives_notice(date(2025, 11, 17))
    clerk.gives_notice(date(2026, 2, 9), note="Sent again by the new chief.")


@story("Mossbank", "The Board let its notice of 2024 go in March 2025, before it took effect.", ordinary=True)
def _(clerk: Clerk) -> None:
    rescind_notice(notice=clerk.gives_notice(date(2024, 10, 7)), decided_on=date(2025, 3, 18))


@story(
    "Wrenfield", "The Board let its first notice go while a second was running: the second one stands.", ordinary=True
)
def _(clerk: Clerk) -> None:
    first = clerk.gives_notice(date(2025, 6, 2))
    clerk.gives_notice(date(2026, 2, 17))
    rescind_notice(notice=first, decided_on=date(2026, 4, 14))


@story("Rookwood", "Left on 1 May 2021 and came back on fresh papers in 2023.", ordinary=True)
def _(clerk: Clerk) -> None:
    clerk.gives_notice(date(2020, 6, 10))
    approval = clerk.approve("amended", date(2023, 3, 6), number=clerk.number_of(date(2023, 3, 6)))
    execution = clerk.sign("amended", date(2023, 3, 20), date(2023, 3, 20))
    clerk.comes_by_5b(date(2023, 3, 27), approval, execution, date(2023, 5, 9), dues=date(2023, 6, 1))


@story("Painted Prairie", "Three stints: left in 2004, back in 2006, left in 2021, back in 2023.")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1985, 5, 6), date(1985, 5, 20))
    clerk.gives_notice(date(2003, 7, 14))
    approval = clerk.approve("original", date(2006, 3, 20), number="06-104")
    execution = clerk.sign("original", date(2006, 4, 3), date(2006, 4, 3))
    second = clerk.participates(approval=approval, execution=execution)
    second.amended_approval = clerk.approve("amended", date(2018, 7, 9), number="R-18-62")
    second.amended_execution = clerk.sign("amended", date(2018, 7, 23), date(2018, 7, 23))
    keep(second)
    clerk.gives_notice(date(2020, 9, 14))
    approval = clerk.approve("amended", date(2023, 2, 6), number="R-23-07")
    execution = clerk.sign("amended", date(2023, 2, 20), date(2023, 2, 20))
    clerk.comes_by_5b(date(2023, 2, 27), approval, execution, date(2023, 4, 11), dues=date(2023, 5, 1))


@story(
    "Birch Hollow",
    "Left on 1 May 2021 and is applying again: its old status stays until it is admitted.",
    ordinary=True,
)
def _(clerk: Clerk) -> None:
    clerk.gives_notice(date(2020, 12, 30))
    clerk.applies(date(2026, 7, 6), "Alder Crossing", date(2026, 7, 20))


@story("Turnstone", "Suspended from 1 March until 1 April 2022, the first day back.", ordinary=True)
def _(clerk: Clerk) -> None:
    clerk.is_tried(
        Ground.DETRIMENT,
        date(2022, 1, 11),
        "Refused command of the stricken agency twice.",
        notified=date(2022, 1, 18),
        hearing=date(2022, 2, 15),
        outcome="suspended",
        decided_on=date(2022, 2, 15),
        votes_for=8,
        votes_against=3,
        in_office=11,
        named_on=date(2022, 3, 1),
        suspended_until_on=date(2022, 4, 1),
    )


@story(
    "Rushmoor",
    "Suspended since the day after the vote of 9 June 2026, with no day named for its return.",
    ordinary=True,
)
def _(clerk: Clerk) -> None:
    clerk.takes_part("CMT", date(2020, 2, 10), 3, agreement_on=date(2020, 1, 27))
    clerk.is_tried(
        Ground.DETRIMENT,
        date(2026, 4, 14),
        "Conduct at a joint operation.",
        notified=date(2026, 4, 21),
        hearing=date(2026, 6, 9),
    )


@story("East Harrow", "Suspended from 9 September 2026 until 1 January 2027.", ordinary=True)
def _(clerk: Clerk) -> None:
    clerk.is_tried(
        Ground.DETRIMENT,
        date(2026, 6, 9),
        "Sent unqualified officers.",
        notified=date(2026, 6, 16),
        hearing=date(2026, 9, 8),
    )


@story(
    "Winterberry",
    "Suspended with no end named in September 2023; the Board let it back on 1 December 2023.",
    ordinary=True,
)
def _(clerk: Clerk) -> None:
    clerk.is_tried(
        Ground.DETRIMENT,
        date(2023, 7, 11),
        "Left its post without release.",
        notified=date(2023, 7, 18),
        hearing=date(2023, 9, 12),
    )


@story(
    "Timberlea",
    "Terminated for obligations not met, after notice and hearing; the motion of 10 December 2024 named 1 January. "
    "The at-large seat of its chief fell vacant that day.",
    ordinary=True,
)
def _(clerk: Clerk) -> None:
    clerk.is_tried(
        Ground.OBLIGATIONS,
        date(2024, 9, 10),
        "Dues of two years unpaid, and no certificate of insurance.",
        notified=date(2024, 9, 17),
        hearing=date(2024, 12, 10),
    )


@story("Yarrow", "Terminated for obligations not met; the motion of 9 March 2021 named 1 April.", ordinary=True)
def _(clerk: Clerk) -> None:
    clerk.is_tried(
        Ground.OBLIGATIONS,
        date(2021, 1, 12),
        "No certificate of insurance for two years.",
        notified=date(2021, 2, 1),
        hearing=date(2021, 3, 9),
        outcome="terminated",
        decided_on=date(2021, 3, 9),
        votes_for=8,
        votes_against=3,
        in_office=11,
        named_on=date(2021, 4, 1),
    )


@story(
    "Silver Willow", "Terminated for detrimental behavior; no day was named, so the day after the vote.", ordinary=True
)
def _(clerk: Clerk) -> None:
    clerk.is_tried(
        Ground.DETRIMENT,
        date(2020, 8, 11),
        "Published operational plans.",
        notified=date(2020, 8, 18),
        hearing=date(2020, 10, 13),
        outcome="terminated",
        decided_on=date(2020, 10, 13),
        votes_for=9,
        votes_against=1,
        in_office=11,
    )


@story("Whisper Creek", "Terminated in 2022 after it waived its hearing, by 7 of 10 members in office.", ordinary=True)
def _(clerk: Clerk) -> None:
    clerk.is_tried(
        Ground.OBLIGATIONS,
        date(2022, 4, 12),
        "Annual dues unpaid.",
        notified=date(2022, 4, 19),
        hearing=None,
        waived=date(2022, 5, 16),
        outcome="terminated",
        decided_on=date(2022, 6, 14),
        votes_for=7,
        votes_against=2,
        in_office=10,
    )


@story("Coralton", "The Board dismissed a proceeding against it in 2021.", ordinary=True)
def _(clerk: Clerk) -> None:
    clerk.is_tried(
        Ground.OBLIGATIONS,
        date(2021, 5, 11),
        "Late dues, since paid.",
        notified=date(2021, 5, 18),
        hearing=date(2021, 7, 13),
        outcome="dismissed",
        decided_on=date(2021, 7, 13),
    )


@story("Cranewood", "A proceeding is open; its hearing is on 12 January 2027.", ordinary=True)
def _(clerk: Clerk) -> None:
    clerk.is_tried(
        Ground.OBLIGATIONS,
        date(2026, 10, 13),
        "No certificate of insurance.",
        notified=date(2026, 10, 20),
        hearing=date(2027, 1, 12),
    )


@story(
    "Hollis Grove", "Two endings on 1 May 2022: the Board named the day on which its notice took effect.", ordinary=True
)
def _(clerk: Clerk) -> None:
    clerk.gives_notice(date(2021, 11, 8))
    clerk.is_tried(
        Ground.OBLIGATIONS,
        date(2022, 2, 8),
        "Refused every call.",
        notified=date(2022, 2, 15),
        hearing=date(2022, 4, 12),
        outcome="terminated",
        decided_on=date(2022, 4, 12),
        votes_for=8,
        votes_against=1,
        in_office=11,
        named_on=date(2022, 5, 1),
    )


@story("Hazelbrook", "Elected into a team in 2015 and left it in 2023.", ordinary=True)
def _(clerk: Clerk) -> None:
    clerk.takes_part("PRT", date(2015, 4, 13), 1, ended_on=date(2023, 7, 1), agreement_on=date(2015, 3, 30))


@story(
    "Eagle's Rest",
    "Its place in a team is recorded; the separate agreement and the day it elected in are not.",
    ordinary=True,
)
def _(clerk: Clerk) -> None:
    clerk.takes_part("CMT", None, None)


@story(
    "White Egret",
    "Its deputy chief, who sits on the Board as its official designee, became chief on 3 March 2025 and kept the seat.",
    ordinary=True,
)
def _(clerk: Clerk) -> None:
    clerk.promotes_its_deputy(date(2025, 3, 3))


@story(
    "Tallstem",
    "Its chief, who sat on the Board, retired on 1 October 2026: the seat fell vacant, and the new chief has none.",
    ordinary=True,
)
def _(clerk: Clerk) -> None:
    clerk.promotes_its_deputy(date(2026, 10, 1))
