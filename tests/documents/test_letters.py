"""The letters of a room: who may print which for which record, and names that nobody registered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from documents.letters import Letter, LetterKind, kind_of, kinds_for
from membership.models import Agency
from tests.membership import factories as make

pytestmark = pytest.mark.django_db

DAY = date(2026, 5, 1)
VIEW = "membership.view_agency"


def greeting(agency: Agency, day: date) -> Letter:
    return Letter(title=f"To {agency}", as_on=day, about=agency.name)


def kind(**said: Any) -> LetterKind:
    return LetterKind("board.greeting", "Greeting", Agency, VIEW, "pdf/letter.html", greeting, **said)


@pytest.mark.parametrize(
    ("said", "names"),
    [
        pytest.param({}, [], id="of no agency: not for those who sign in for one"),
        pytest.param({"agency_path": "pk"}, ["Elmwood"], id="of an agency: for its own people"),
        pytest.param({"shared_with_agencies": True}, ["Elmwood", "Foxfield"], id="shared with agencies: for all"),
    ],
)
def test_a_representative_prints_only_what_is_the_own_agency_s_or_shared(
    said: dict[str, Any], names: list[str]
) -> None:
    elmwood, foxfield = make.agency("Elmwood"), make.agency("Foxfield")
    user, letter = make.person("Agency Representative", elmwood), kind(**said)
    assert [row.name for row in letter.records_for(user).order_by("name")] == names
    assert letter.records_for(make.person("System Manager")).count() == 2
    if "Foxfield" in names:
        assert letter.order_for(foxfield.pk, DAY, user).title == "To Foxfield"
    else:
        with pytest.raises(ValidationError, match="not among those you may see"):
            letter.order_for(foxfield.pk, DAY, user)


def test_who_may_not_see_the_records_prints_and_is_offered_nothing() -> None:
    make.agency("Elmwood")
    nobody = make.person("superuser")
    nobody.is_superuser = False
    assert not kind().records_for(nobody).exists()
    assert kinds_for(Agency, nobody) == []
    offered = kinds_for(Agency, make.person("System Manager"))
    assert [known.key for known in offered if known.room == "membership"] == [
        "agreement",
        "ordinance",
        "resolution",
        "certificate",
    ]


def test_a_paper_of_the_whole_register_is_of_no_record() -> None:
    with pytest.raises(LookupError, match="Roster is a paper of the whole register"):
        kind_of("membership.roster").order_for(1, DAY, make.person("superuser"))


def test_a_name_that_nobody_registered_is_refused_with_those_there_are() -> None:
    with pytest.raises(LookupError, match=r"No letter is called membership\.permit; there are .*membership\.roster"):
        kind_of("membership.permit")
