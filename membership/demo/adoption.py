"""Stories of the Original Agreement and of the great adoption, with its collective date of 5 February 2019."""

from __future__ import annotations

from datetime import date

from membership.demo import people
from membership.demo.clerk import Clerk, keep
from membership.demo.stories import story
from membership.models import Approval, Official
from membership.rules.leaving import Ground
from membership.services import choose_date, settle

SUMMER = date(2018, 6, 11), date(2018, 6, 25)


@story("Blackthorn", "A straggler: approved the amended agreement, never executed it; lapsed on 6 February 2019.")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1991, 3, 4), date(1991, 3, 18))
    clerk.adopts(date(2018, 10, 15), None)


@story("Wildrye", "A straggler that neither approved nor executed the amended agreement; lapsed on 6 February 2019.")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1999, 9, 13), date(1999, 9, 27))


@story(
    "Sparrow Lake", "Complete on the collective date itself, 5 February 2019: late by the cut-off clause, and flagged."
)
def _(clerk: Clerk) -> None:
    clerk.joins(date(1994, 5, 2), date(1994, 5, 16))
    clerk.adopts(date(2019, 1, 14), date(2019, 2, 5))


@story("Otter Ford", "Complete on 4 February 2019, the last day on which an Original Participating Agency was in time.")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1994, 6, 6), date(1994, 6, 20))
    clerk.adopts(date(2019, 1, 21), date(2019, 2, 4))


@story(
    "Glenharrow",
    "A straggler with a notice running: it lapsed on 6 February 2019, before the notice took effect on 1 May.",
)
def _(clerk: Clerk) -> None:
    clerk.joins(date(1990, 2, 5), date(1990, 2, 19))
    clerk.gives_notice(date(2018, 6, 5), dated_on=date(2018, 6, 1))


@story(
    "Snowberry",
    "Two endings on one day: the Board named 6 February 2019, the day on which it lapsed as a straggler too.",
    early=True,
)
def _(clerk: Clerk) -> None:
    clerk.joins(date(1997, 4, 7), date(1997, 4, 21))
    clerk.is_tried(
        Ground.OBLIGATIONS, date(2018, 11, 13), "Dues of two years unpaid.", notified=date(2018, 11, 20),
        hearing=date(2019, 1, 8), outcome="terminated", decided_on=date(2019, 1, 8), votes_for=9, votes_against=1,
        in_office=11, named_on=date(2019, 2, 6),
    )  # fmt: skip


@story("Hawkstead", "Completed late and came back: the papers of March 2019 serve for its second stint (Reading R21).")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1995, 8, 7), date(1995, 8, 21))
    late = clerk.approve("amended", date(2019, 3, 4), number=clerk.number_of(date(2019, 3, 4)))
    signed = clerk.sign("amended", date(2019, 3, 11), date(2019, 3, 11))
    clerk.comes_by_5b(date(2019, 4, 1), late, signed, date(2019, 5, 14), dues=date(2019, 6, 3))


@story(
    "Cedar Fork", "The head alone signed the Original Agreement: enough to participate, not to be an original agency."
)
def _(clerk: Clerk) -> None:
    clerk.participates()
    clerk.approve("original", date(1990, 10, 1), number="90-41")
    clerk.sign("original", date(1990, 10, 15), None, chief_signed=False, chief_name="")
    clerk.adopts(*SUMMER)


@story("Juniper Hills", "Joined on 1 May 2018 itself: whether it is an original agency, two texts answer differently.")
def _(clerk: Clerk) -> None:
    clerk.joins(date(2018, 4, 16), date(2018, 5, 1))
    clerk.adopts(date(2018, 11, 5), date(2018, 11, 19))


@story(
    "Quarrytown", "Joined the Original Agreement on 11 June 2018, too late for the class: a person has yet to decide."
)
def _(clerk: Clerk) -> None:
    clerk.joins(date(2018, 5, 21), date(2018, 6, 11))


@story(
    "Fernley", "Joined the Original Agreement in July 2018, too late for the class; the Board decided that it remains."
)
def _(clerk: Clerk) -> None:
    clerk.joins(date(2018, 7, 9), date(2018, 7, 16))
    because = "The Board took its amended agreement of 2019 as sufficient (demonstration)."
    settle(participation=clerk.stint(), settlement="remains", on=date(2019, 4, 9), because=because)


@story(
    "Upper Fernley",
    "Joined the Original Agreement in August 2018, too late; the Board decided that it ended on 1 May 2019.",
)
def _(clerk: Clerk) -> None:
    clerk.joins(date(2018, 8, 6), date(2018, 8, 13))
    because = "It never asked to come in under the amended agreement (demonstration)."
    settle(participation=clerk.stint(), settlement="ended", on=date(2019, 5, 1), because=because)


@story("Dunmere", "Its notice of 2017 took effect on 1 May 2018: not an Original Participating Agency.")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1988, 11, 7), date(1988, 11, 21))
    clerk.gives_notice(date(2017, 8, 22))


@story("New Cardiff", "Its first instruments are lost; a recital attests that it participated in 2003.")
def _(clerk: Clerk) -> None:
    clerk.participates(
        attested_on=date(2003, 8, 18),
        attested_by="Recital of its resolution of 2018: a participating agency since 2003",
    )
    clerk.adopts(*SUMMER)


@story("Pebble Run", "Attested by a report: a newspaper of 20 May 2010 names it among the participating agencies.")
def _(clerk: Clerk) -> None:
    clerk.participates(
        attested_on=date(2010, 5, 20), attested_by="Newspaper report of a joint exercise", attested_evidence="reported"
    )
    clerk.adopts(*SUMMER)


@story("Swallowtail", "Attested by inference: it paid dues for the fiscal year that began on 1 May 2016.")
def _(clerk: Clerk) -> None:
    clerk.participates(attested_on=date(2016, 5, 2), attested_by="Its dues of FY 2016–17", attested_evidence="inferred")
    clerk.adopts(*SUMMER)


@story(
    "Stonecrop",
    "The recital for its first approval cites itself, which proves nothing: its beginning is not determined.",
)
def _(clerk: Clerk) -> None:
    clerk.participates()
    clerk.approve("original", cites_itself=True, evidence="recital", source="Recital of its resolution of 2018")
    clerk.adopts(*SUMMER)


@story("Vesper Hill", "Its first ordinance bears no date, so the day on which it began is not determined.")
def _(clerk: Clerk) -> None:
    clerk.participates()
    clerk.approve("original", number="85-31", note="The copy on file bears no date.")
    clerk.sign("original", date(1985, 6, 3), date(1985, 6, 3))
    clerk.adopts(*SUMMER)


@story(
    "Kingsmere", "Two dates for its first resolution, 1986 and 2004: from 2004 on the answer is the same under both."
)
def _(clerk: Clerk) -> None:
    clerk.participates()
    conflict = [("adopted", date(1986, 10, 20), "text"), ("adopted", date(2004, 2, 16), "recital of 2018")]
    clerk.approve("original", number="86-52", dates=conflict)
    clerk.sign("original", date(1986, 11, 3), date(1986, 11, 3))
    clerk.adopts(*SUMMER)


@story(
    "Foxfield",
    "Two dates for its amended approval, both in time: they are flagged, and its standing does not hang on them.",
)
def _(clerk: Clerk) -> None:
    clerk.joins(date(1987, 7, 6), date(1987, 7, 20))
    conflict = [("adopted", date(2018, 5, 4), "text"), ("heading", date(2018, 6, 4), "archive heading")]
    clerk.approve(
        "amended", number="O-2018-1", dates=conflict, effect_clause="In force after passage, approval and publication",
        note="Approves the agreement and the bylaws; it does not speak of participation.",
    )  # fmt: skip
    clerk.sign("amended", date(2018, 6, 18), date(2018, 6, 18))


@story(
    "Amberfield",
    "Two dates for its amended approval, one before and one after the collective date: a person has to choose.",
)
def _(clerk: Clerk) -> None:
    clerk.joins(date(1988, 1, 4), date(1988, 1, 18))
    _two_dates(clerk)


@story("Brightwater", "The same two dates as Amberfield's; a person chose 21 January 2019, with the reason.")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1988, 2, 1), date(1988, 2, 15))
    because = "The minutes of 21 January 2019 show the vote; the heading bears the day of filing."
    choose_date(approval=_two_dates(clerk), on=date(2019, 1, 21), because=because)


def _two_dates(clerk: Clerk) -> Approval:
    conflict = [("adopted", date(2019, 1, 21), "text"), ("heading", date(2019, 2, 18), "archive heading")]
    approval = clerk.approve("amended", number=clerk.number_of(date(2019, 1, 21)), dates=conflict)
    clerk.sign("amended", date(2019, 1, 28), date(2019, 1, 28))
    return approval


@story("Bluestem", "Both signed the amended agreement, and neither dated it: executed, on a day unknown.")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1989, 3, 6), date(1989, 3, 20))
    clerk.adopts(date(2018, 6, 4), None)
    clerk.sign("amended", None, None, note="Signed by both; the Date line is blank.")


@story("Thistledown", "Its resolution on the amended agreement is on file without a date.")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1989, 4, 3), date(1989, 4, 17))
    clerk.approve("amended", number="R-18-A", note="The copy on file bears no date.")
    clerk.sign("amended", date(2018, 9, 24), date(2018, 9, 24))


@story("Tamarack Bluff", "Passed on 10 September 2018; the president's separate approval is due and not on file.")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1989, 5, 1), date(1989, 5, 15))
    passed = [("passed", date(2018, 9, 10), "minutes")]
    clerk.approve("amended", number="O-2018-47", dates=passed, separate_approval_due=True)
    clerk.sign("amended", date(2018, 9, 24), date(2018, 9, 24))


@story("Heron Marsh", "Passed and approved on different days of September 2018: the later one counts (Reading R18).")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1989, 6, 5), date(1989, 6, 19))
    days = [
        ("presented", date(2018, 8, 20), "minutes"),
        ("passed", date(2018, 9, 4), "text"),
        ("approved", date(2018, 9, 18), "text"),
    ]
    clerk.approve(
        "amended", number="O-2018-31", dates=days, separate_approval_due=True, aye=5, nay=1, abstain=0, absent=0
    )
    clerk.sign("amended", date(2018, 9, 20), date(2018, 9, 21))


@story("Kestrel Park", "A report gives only the month of its amended approval, and not whether it was an ordinance.")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1990, 1, 8), date(1990, 1, 22))
    clerk.approve(
        "amended",
        (date(2018, 6, 1), date(2018, 6, 30)),
        kind="unknown",
        evidence="reported",
        source="Annual report of 2018",
    )
    clerk.sign("amended", date(2018, 7, 9), date(2018, 7, 9))


@story("Larkfield", "Rescinded its resolution and replaced it in December 2018: the first approval still counts.")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1984, 9, 10), date(1984, 9, 24))
    first = clerk.approve("amended", date(2018, 6, 11), number="R-18-20")
    clerk.sign("amended", date(2018, 7, 2), date(2018, 7, 2))
    clerk.approve("amended", date(2018, 12, 10), number="O-2018-33", kind="ordinance", rescinds=first)


@story("Longmarsh", "Rescinded its approval in November 2018 without a replacement: a straggler.")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1992, 9, 14), date(1992, 9, 28))
    first = clerk.approve("amended", date(2018, 6, 18), number="R-18-11")
    clerk.sign("amended", date(2018, 7, 2), date(2018, 7, 2))
    clerk.approve("amended", date(2018, 11, 19), number="R-18-29", rescinds=first, approves=False)


@story("Wheatmere", "Repealed its approving ordinance in 2022: that ends nothing, only a notice does (Reading R8).")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1992, 10, 5), date(1992, 10, 19))
    first = clerk.approve("amended", date(2018, 8, 13), number="O-2018-15", kind="ordinance")
    clerk.sign("amended", date(2018, 8, 27), date(2018, 8, 27))
    clerk.approve("amended", date(2022, 3, 14), number="O-2022-04", kind="ordinance", rescinds=first, approves=False)


@story("Plum Thicket", "Executed the amended agreement two weeks before approving it: it counts, flagged.")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1993, 2, 1), date(1993, 2, 15))
    clerk.adopts(date(2018, 6, 4), date(2018, 5, 21))


@story("Elderfield", "The village president who signed in 2018 had left office in 2017: it counts, flagged.")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1993, 3, 1), date(1993, 3, 15))
    clerk.adopts(date(2018, 6, 11), None)
    former = keep(
        Official(
            agency=clerk.agency, name=people.name(clerk.place, people.FIRST_HEAD), title=clerk.place.head_title,
            capacity=Official.Capacity.HEAD, from_on=date(2013, 5, 6), until_on=date(2017, 5, 8),
        )
    )  # fmt: skip
    clerk.sign("amended", date(2018, 6, 20), date(2018, 6, 20), head=former, head_name="")


@story("Walnut Shore", "The form bears one date, 16 July 2018: it counts for both signatures.")
def _(clerk: Clerk) -> None:
    clerk.joins(date(1993, 4, 5), date(1993, 4, 19))
    clerk.adopts(date(2018, 7, 9), None)
    clerk.sign("amended", None, None, form_dated_on=date(2018, 7, 16), attested_by="Village Clerk", sealed=True)
