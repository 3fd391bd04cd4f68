"""The people of the demonstration register: invented, and the same ones at every loading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from membership.demo.places import Place
from membership.models import Agency, Official

FIRST_NAMES = """
Ada Agnes Albert Amos Beatrice Bernard Calvin Celia Clara Conrad Dalia Dorothea Edgar Elias Esther Felix Flora
Gideon Greta Harold Hester Ida Irving Jonas Judith Karl Leona Lionel Mabel Martin Nadia Nestor Olive Oscar Petra
Quentin Rosa Silas Thelma Walter
"""
LAST_NAMES = """
Abernathy Achterberg Albright Barlow Beckwith Birdsall Blakeslee Brandvold Carraway Castellano Cobbold Crane
Dabrowski Dellinger Dunleavy Easterly Eklund Fairweather Farnsworth Fennimore Garside Gutierrez Halloran
Harkness Hathaway Ibsen Jankowski Jessup Kettering Kowalczyk Lamb Lindqvist Loomis Madrigal Mayhew Merriweather
Nakamura Nightingale Norcross Oakeshott Okafor Ostrander Partridge Pemberton Penhallow Quigley Ramsbottom
Redfern Rosales Satterlee Sizemore Sorensen Swift Tattersall Thistlewood Underhill Upjohn Van_Dorn Villanueva
Wainwright Weatherby Whitlock Winterbourne Yancey Yoder Zabriskie Zimmer
"""
FIRST, LAST = FIRST_NAMES.split(), LAST_NAMES.split()

CHIEF, HEAD, CLERK, DESIGNEE, DUES, FORMER_CHIEF, FORMER_HEAD, FIRST_HEAD = range(8)
FIRST_CHIEF = 8
SEATS = 9


def name(place: Place, seat: int) -> str:
    """The name of the person in one seat of an agency. Nobody sits in two."""
    number = place.number * SEATS + seat
    return f"{FIRST[number % len(FIRST)]} {LAST[number * 31 % len(LAST)].replace('_', ' ')}"


def officials(place: Place, agency: Agency) -> Iterator[Official]:
    """Who acts for the agency: chief, head and clerk everywhere; designees, dues contacts and predecessors at some."""
    capacity = Official.Capacity

    def one(seat: int, kind: str, title: str, start: date, until: date | None = None) -> Official:
        return Official(
            agency=agency, name=name(place, seat), title=title, capacity=kind, from_on=start, until_on=until,
            telephone=place.telephone, email=agency.email,
        )  # fmt: skip

    changed_chief = date(2020, 7, 1) if place.number % 5 == 2 else None
    changed_head = date(2021, 5, 10) if place.number % 4 == 3 else None
    in_2014, in_2017 = date(2014, 1 + place.number % 12, 1), date(2017, 5, 8)
    yield one(CHIEF, capacity.CHIEF, place.chief_title, changed_chief or in_2014)
    yield one(HEAD, capacity.HEAD, place.head_title, changed_head or in_2017)
    yield one(CLERK, capacity.CLERK, f"{place.body.split()[0]} Clerk" if " of " in place.body else "Secretary", in_2017)
    if changed_chief:
        yield one(FORMER_CHIEF, capacity.CHIEF, place.chief_title, in_2014, changed_chief)
    if changed_head:
        yield one(FORMER_HEAD, capacity.HEAD, place.head_title, in_2017, changed_head)
    if place.number % 3 == 0:
        yield one(DESIGNEE, capacity.DESIGNEE, "Deputy Chief", date(2020, 1, 6))
    if place.number % 4 == 1:
        yield one(DUES, capacity.DUES, "Finance Director", date(2019, 1, 7))
