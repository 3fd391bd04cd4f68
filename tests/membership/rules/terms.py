"""The terms of 2018, under which every table of this folder is worked out, and short ways to write a day."""

from datetime import date

from membership.rules.facts import Adoption, Path, Stint, Terms
from nipas_admin.shared.dated import Dated
from nipas_admin.shared.shares import Share

TERMS = Terms(
    ends_month=5,
    ends_day=1,
    original_before_on=date(2018, 5, 1),
    adoption_share=Share(3, 4),
    adoption_meeting_days=60,
    board_share=Share(2, 3),
)


def d(text: str) -> date:
    """A day, as ``2018-05-01``."""
    return date.fromisoformat(text)


def on(text: str) -> Dated:
    """Something that happened on the day."""
    return Dated.on(d(text))


def between(first: str | None, last: str | None) -> Dated:
    """Something that happened between two days."""
    return Dated(first and d(first), last and d(last))


UNKNOWN = Dated.unknown()
NEVER = Dated.never()
ADOPTED = Adoption(TERMS, on("2019-02-05"))
NOT_YET = Adoption(TERMS, NEVER)
DAY_UNKNOWN = Adoption(TERMS, between("2018-06-30", None))
DAY_BOUNDED = Adoption(TERMS, between("2018-06-30", "2019-06-30"))


def original(**facts: object) -> Stint:
    """A stint under the Original Agreement, of 1990 unless told otherwise."""
    papers = {"approval": on("1990-03-01"), "head_signed": on("1990-03-05"), "chief_signed": on("1990-03-05")}
    return Stint(path=Path.ORIGINAL, **{**papers, **facts})


def complete(day: str = "2018-09-01", **facts: object) -> Stint:
    """An original stint that approved and executed the amended agreement on a day."""
    return original(amended_approval=on(day), amended_execution=on(day), **facts)


def new(**facts: object) -> Stint:
    """A new agency: Approval 1 Mar, Execution 5 Mar, Board 10 Mar, dues 2 Apr 2022, unless told otherwise."""
    papers = {
        "approval": on("2022-03-01"),
        "head_signed": on("2022-03-05"),
        "chief_signed": on("2022-03-04"),
        "board_approved": on("2022-03-10"),
        "dues_paid": on("2022-04-02"),
    }
    return Stint(path=Path.NEW, **{**papers, **facts})
