"""Stories of joining by Agreement §5.B, of those still asking, and of insurance.

Where the Board decides from 2023 on without a day given here, the motion stands in its own part of the demonstration.
"""

from __future__ import annotations

from datetime import date

from membership.demo.clerk import Clerk
from membership.demo.stories import story
from membership.models import Approval, Execution
from membership.services import close_application


def _papers(clerk: Clerk, approved: date, head: date, chief: date) -> tuple[Approval, Execution]:
    approval = clerk.approve("amended", approved, number=clerk.number_of(approved))
    return approval, clerk.sign("amended", head, chief)


@story("Warblerton", "Joined by §5.B in 2019, all in order.")
def _(clerk: Clerk) -> None:
    papers = _papers(clerk, date(2019, 6, 3), date(2019, 6, 10), date(2019, 6, 12))
    clerk.comes_by_5b(date(2019, 6, 17), *papers, date(2019, 8, 13), dues=date(2019, 9, 3))


@story("Sorrel Bluff", "Joined by §5.B in 2021, all in order.")
def _(clerk: Clerk) -> None:
    papers = _papers(clerk, date(2021, 2, 1), date(2021, 2, 8), date(2021, 2, 9))
    clerk.comes_by_5b(date(2021, 2, 15), *papers, date(2021, 4, 13), dues=date(2021, 5, 3))


@story(
    "Bellhaven University",
    "A university that joined in 2020; the statute that indemnifies its officers is still to be named.",
)
def _(clerk: Clerk) -> None:
    papers = _papers(clerk, date(2020, 1, 20), date(2020, 1, 27), date(2020, 1, 27))
    clerk.comes_by_5b(date(2020, 2, 3), *papers, date(2020, 4, 14), dues=date(2020, 5, 4))


@story(
    "Aspen Ridge", "In force on 10 March 2022, participating on 2 April, when its joining dues were paid (Reading R5)."
)
def _(clerk: Clerk) -> None:
    papers = _papers(clerk, date(2022, 3, 1), date(2022, 3, 3), date(2022, 3, 5))
    clerk.comes_by_5b(date(2022, 3, 7), *papers, date(2022, 3, 10), dues=date(2022, 4, 2))


@story(
    "Tamarack Park",
    "A park district of which no joining dues were required: participating on the day of the Board's approval.",
)
def _(clerk: Clerk) -> None:
    papers = _papers(clerk, date(2021, 4, 19), date(2021, 4, 26), date(2021, 4, 27))
    clerk.comes_by_5b(date(2021, 5, 3), *papers, date(2021, 6, 8), dues_required=False)


@story(
    "Cherry Knoll",
    "Approved by the Board in May 2026, joining dues unpaid: the agreement is in force, it does not participate.",
)
def _(clerk: Clerk) -> None:
    papers = _papers(clerk, date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 5))
    clerk.asks_by_5b(date(2026, 3, 9), *papers)


@story("Heatherton", "The Board approved two weeks before the chief signed: recorded as it happened, flagged.")
def _(clerk: Clerk) -> None:
    papers = _papers(clerk, date(2020, 2, 3), date(2020, 2, 10), date(2020, 3, 24))
    clerk.comes_by_5b(date(2020, 2, 17), *papers, date(2020, 3, 10), dues=date(2020, 4, 2))


@story("Willowmarsh", "Recommended by Yarrow, which was terminated before the Board voted: admitted, with a warning.")
def _(clerk: Clerk) -> None:
    papers = _papers(clerk, date(2021, 1, 25), date(2021, 2, 1), date(2021, 2, 2))
    clerk.comes_by_5b(
        date(2021, 2, 8),
        *papers,
        date(2021, 5, 11),
        recommender="Yarrow",
        recommended=date(2021, 2, 15),
        dues=date(2021, 6, 1),
    )


@story("Harrow Valley", "A college whose packet is complete: it awaits the Board's vote.")
def _(clerk: Clerk) -> None:
    approval, execution = _papers(clerk, date(2026, 8, 24), date(2026, 8, 31), date(2026, 9, 1))
    clerk.applies(
        date(2026, 9, 14), "Larkfield", date(2026, 9, 21), approval=approval, ordinance_copy=True, execution=execution,
        executed_copy=True, other_wanted="Its campus jurisdiction on a map", other_received=True,
    )  # fmt: skip


@story("Linden Ferry", "An applicant whose letter alone is in.")
def _(clerk: Clerk) -> None:
    clerk.applies(date(2026, 10, 5))


@story("Sandhill", "An applicant recommended by Bluestem, whose own standing is not determined.")
def _(clerk: Clerk) -> None:
    approval, execution = _papers(clerk, date(2026, 6, 1), date(2026, 6, 8), date(2026, 6, 8))
    clerk.applies(
        date(2026, 6, 15), "Bluestem", date(2026, 6, 22), approval=approval, ordinance_copy=True, execution=execution,
        executed_copy=True,
    )  # fmt: skip


@story(
    "Grange Hollow",
    "The Board voted though the packet lacked the ordinance: out of order, without effect until a person decides.",
)
def _(clerk: Clerk) -> None:
    clerk.applies(date(2025, 8, 11), "Larkfield", date(2025, 8, 25))


@story("Twin Sycamores", "The Board disapproved its application in April 2024, its packet being complete.")
def _(clerk: Clerk) -> None:
    approval, execution = _papers(clerk, date(2024, 1, 15), date(2024, 1, 22), date(2024, 1, 22))
    clerk.asks_by_5b(date(2024, 2, 5), approval, execution, "Larkfield", date(2024, 2, 12))


@story("Violet Glen", "Took back its application of 2023 before the Board decided.")
def _(clerk: Clerk) -> None:
    close_application(application=clerk.applies(date(2023, 3, 13)), decision="taken_back", decided_on=date(2023, 5, 1))


@story("Yewdale", "A prospect: it has not asked to participate.")
def _(clerk: Clerk) -> None:
    """Nothing is recorded of it but the agency."""


@story("St. Aldric College", "A prospect, private, which would have to name the statute that indemnifies its officers.")
def _(clerk: Clerk) -> None:
    """Nothing is recorded of it but the agency."""


@story("Waterways", "A prospect of the state whose ORI is not known: whether it may participate is not determined.")
def _(clerk: Clerk) -> None:
    """Nothing is recorded of it but the agency."""


@story("Ashgrove", "Insured as Agreement §3.H asks.", ordinary=True)
def _(clerk: Clerk) -> None:
    clerk.insures()


@story("Clearbourne", "Its general liability of $500,000 for each occurrence falls short.", ordinary=True)
def _(clerk: Clerk) -> None:
    clerk.insures(occurrence="500000")


@story("Maple Harbor", "Insured by a pool, on which the text is silent: flagged.", ordinary=True)
def _(clerk: Clerk) -> None:
    clerk.insures(carrier="Intergovernmental Risk Pool (invented)", pooled=True)


@story(
    "Pinemere",
    "Its certificates run from 1 January to 1 January: covered on 31 December, not on 1 January 2027.",
    ordinary=True,
)
def _(clerk: Clerk) -> None:
    clerk.insures(date(2026, 1, 1), date(2027, 1, 1))


@story(
    "Fenwick Park",
    "Its certificate does not say whether contractual liability is included: not determined.",
    ordinary=True,
)
def _(clerk: Clerk) -> None:
    clerk.insures(contractual_liability=None)


@story("Summerlea", "Insured by a project aggregate in place of the general one.", ordinary=True)
def _(clerk: Clerk) -> None:
    clerk.insures(general_aggregate=None, project_aggregate="1000000")


@story("Rosehaven", "No certificate of insurance is on file: not determined, never “not compliant”.", ordinary=True)
def _(clerk: Clerk) -> None:
    """Nothing is recorded of its insurance."""


@story("Quail Crossing", "Its certificates ran out on 1 May 2026 and no new ones are on file.", ordinary=True)
def _(clerk: Clerk) -> None:
    clerk.insures(date(2025, 5, 1), date(2026, 5, 1))
