"""The hand that writes the demonstration: one agency's records, through the same doors that the office uses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from membership.demo import people
from membership.demo.places import Place
from membership.models import (
    Agency,
    AgreementVersion,
    Application,
    Approval,
    ApprovalDate,
    County,
    Execution,
    InsuranceCertificate,
    Official,
    Participation,
    Proceeding,
    SpecializedTeam,
    TeamParticipation,
    TerminationNotice,
)
from membership.rules.leaving import Ground
from membership.services import admit, decide_proceeding, pay_joining_dues, receive_notice, restate
from nipas_admin.shared.records import Record

REASON = "Demonstration register"
INVENTED = "Invented for the demonstration register; no such agency exists."
SIGNED_ABOUT = date(2018, 7, 2)

Kept = TypeVar("Kept", bound=Record)
Day = date | tuple[date, date] | None


def keep(record: Kept) -> Kept:
    """Check the record whole, write it with its history, and return it."""
    record._change_reason = REASON
    record.full_clean()
    record.save()
    return record


@dataclass
class Register:
    """What every agency's clerk needs at hand."""

    original: AgreementVersion
    amended: AgreementVersion
    counties: dict[str, County]
    teams: dict[str, SpecializedTeam]
    clerks: dict[str, Clerk] = field(default_factory=dict)


@dataclass
class Clerk:
    """Keeps the records of one agency."""

    register: Register
    place: Place
    agency: Agency
    officials: list[Official] = field(default_factory=list)

    @classmethod
    def opens(cls, register: Register, place: Place, shows: str = "") -> Clerk:
        """Enter the agency and its officials. ``shows``: what this agency is there to show, for its note."""
        agency = keep(
            Agency(
                name=place.name, kind=place.kind, public_body=place.body, governing_body=place.governing, ori=place.ori,
                street="1 Town Hall Square", city=place.key, telephone=place.telephone, email=_address(place),
                latitude=place.spot[0], longitude=place.spot[1], sworn_officers=place.sworn,
                sworn_as_of=date(2025, 10, 31), statute=place.statute,
                note=f"{INVENTED} It shows: {shows}" if shows else INVENTED,
            )
        )  # fmt: skip
        agency.counties.add(*(register.counties[name] for name in (place.county, place.other_county) if name))
        return cls(register, place, agency, [keep(official) for official in people.officials(place, agency)])

    def stint(self) -> Participation:
        """The latest stint, pointing to the papers recorded so far."""
        restate(self.agency)
        return self.agency.participations.latest("number")

    def approve(
        self, edition: str, *days: Day, number: str = "", dates: Iterable[tuple[str, Day, str]] = (), **fields: Any
    ) -> Approval:
        """An ordinance or resolution. ``days`` of passage and approval; ``dates`` with event and source."""
        approval = keep(
            Approval(
                agency=self.agency, agreement=getattr(self.register, edition),
                **{"kind": Approval.Kind.RESOLUTION if self.place.number % 2 else Approval.Kind.ORDINANCE,
                   "number": number, "source": "Binder of instruments", **fields},
            )
        )  # fmt: skip
        for event, when, source in [*(("adopted", day, "text") for day in days), *dates]:
            between = when if isinstance(when, tuple) else (None, None)
            keep(
                ApprovalDate(
                    approval=approval, event=event, on=when if isinstance(when, date) else None,
                    not_before_on=between[0], not_after_on=between[1], source=source, evidence=approval.evidence,
                )
            )  # fmt: skip
        return approval

    def sign(self, edition: str, head_on: date | None, chief_on: date | None, **fields: Any) -> Execution:
        """The agreement executed by those then in office, or by the first signers where no official goes back."""
        return keep(
            Execution(
                agency=self.agency, agreement=getattr(self.register, edition),
                **{"head_signed": True, "head_signed_on": head_on, **self._signer("head", head_on, edition),
                   "chief_signed": True, "chief_signed_on": chief_on, **self._signer("chief", chief_on, edition),
                   **fields},
            )
        )  # fmt: skip

    def _signer(self, who: str, on: date | None, edition: str) -> dict[str, Any]:
        day = on or (SIGNED_ABOUT if edition == "amended" else None)
        found = [one for one in self.officials if one.capacity == who and day and one.in_office_on(day)]
        first = people.FIRST_HEAD if who == "head" else people.FIRST_CHIEF
        return {who: found[0]} if found else {f"{who}_name": people.name(self.place, first)}

    def participates(self, **fields: Any) -> Participation:
        """A stint under the Original Agreement; its papers are recorded afterwards."""
        number = self.agency.participations.count() + 1
        return keep(Participation(agency=self.agency, number=number, path="original", **fields))

    def joins(self, approved: date, head: date, chief: date | None = None) -> None:
        """Joined under the Original Agreement, all papers in order."""
        self.participates()
        self.approve("original", approved, number=f"{approved:%y}-{self.place.number:02}")
        self.sign("original", head, chief or head)

    def adopts(self, approved: date | None, executed: date | None) -> None:
        """Approved and executed the amended agreement; None for the one it never did."""
        if approved:
            self.approve(
                "amended", approved, number=self.number_of(approved), aye=6, nay=0, absent=self.place.number % 2
            )
        if executed:
            self.sign("amended", executed, executed)

    def number_of(self, day: date) -> str:
        """A number as this body writes it: R-18-06, O-2018-06, 06-R-18."""
        number = f"{self.place.number:02}"
        return (f"R-{day:%y}-{number}", f"O-{day.year}-{number}", f"{number}-R-{day:%y}")[self.place.number % 3]

    def applies(
        self, letter: date, recommender: str = "", recommended: date | None = None, **fields: Any
    ) -> Application:
        """The letter of request and as much of the packet as is in (Bylaws Art. III §4)."""
        sponsor = self.register.clerks[recommender].agency if recommender else None
        return keep(
            Application(agency=self.agency, letter_on=letter, recommender=sponsor, recommended_on=recommended, **fields)
        )

    def asks_by_5b(
        self,
        letter: date,
        approval: Approval,
        execution: Execution,
        recommender: str = "Alder Crossing",
        recommended: date | None = None,
    ) -> Application:
        """The whole packet of Bylaws Art. III §4, ready for the Board's vote."""
        restate(self.agency)
        return self.applies(
            letter, recommender, recommended or letter, approval=approval, ordinance_copy=True, execution=execution,
            executed_copy=True,
        )  # fmt: skip

    def comes_by_5b(
        self,
        letter: date,
        approval: Approval,
        execution: Execution,
        board: date,
        *,
        recommender: str = "Alder Crossing",
        recommended: date | None = None,
        dues: date | None = None,
        dues_required: bool = True,
    ) -> Participation:
        """Asked, recommended, approved by the Board, dues paid: a stint by Agreement §5.B."""
        application = self.asks_by_5b(letter, approval, execution, recommender, recommended or letter)
        stint = admit(application=application, decided_on=board, dues_required=dues_required)
        if stint is None:
            raise ValueError(f"{self.place.key}: the Board's vote opened no stint.")
        return pay_joining_dues(participation=stint, paid_on=dues) if dues else stint

    def gives_notice(self, received: date, **fields: Any) -> TerminationNotice:
        """A Termination Notice, received."""
        chief = next(one for one in self.officials if one.capacity == Official.Capacity.CHIEF)
        return receive_notice(participation=self.stint(), received_on=received, **{"signed_by": chief.name, **fields})

    def is_tried(
        self, ground: Ground, opened: date, reason: str, *, notified: date, hearing: date | None,
        waived: date | None = None, **decision: Any,
    ) -> Proceeding:  # fmt: skip
        """A proceeding before the Board, and its decision where one is given.

        Without one it is open, or decided by a motion in the Board's part of the demonstration.
        """
        proceeding = keep(
            Proceeding(
                participation=self.stint(), ground=ground.value, opened_on=opened, reason=reason, notified_on=notified,
                hearing_on=hearing, waived_on=waived,
            )
        )  # fmt: skip
        return decide_proceeding(proceeding=proceeding, **decision) if decision else proceeding

    def promotes_its_deputy(self, on: date) -> None:
        """The chief left on the day, and the deputy, so far the official designee, became chief."""
        capacity = Official.Capacity
        chief, deputy = (
            next(one for one in self.officials if one.capacity == kind and one.until_on is None)
            for kind in (capacity.CHIEF, capacity.DESIGNEE)
        )
        for one in (chief, deputy):
            one.until_on = on
            keep(one)
        new = Official(
            agency=self.agency, name=deputy.name, title=self.place.chief_title, capacity=capacity.CHIEF, from_on=on,
            telephone=deputy.telephone, email=deputy.email,
        )  # fmt: skip
        self.officials.append(keep(new))

    def takes_part(self, team: str, elected: date | None, officers: int | None, **fields: Any) -> TeamParticipation:
        """A place in one of the two Specialized Teams."""
        return keep(
            TeamParticipation(
                participation=self.stint(), team=self.register.teams[team], elected_on=elected,
                officers_committed=officers, **fields,
            )
        )  # fmt: skip

    def insures(self, start: date = date(2026, 5, 1), until: date = date(2027, 5, 1), **liability: Any) -> None:
        """Certificates of all three lines; ``liability`` changes the one of general liability."""
        period = {"agency": self.agency, "from_on": start, "until_on": until}
        policy = f"{self.place.number:04}-{start:%y}"
        general = {
            "carrier": "Prairie Mutual Casualty (invented)", "occurrence": "1000000", "personal_injury": "1000000",
            "general_aggregate": "2000000", "contractual_liability": True, **liability,
        }  # fmt: skip
        for coverage, terms in (
            ("liability", general),
            ("auto", {"carrier": "Prairie Mutual Casualty (invented)", "occurrence": "1000000"}),
            ("workers", {"carrier": "Harbor Indemnity (invented)", "statutory": True, "employers_liability": "500000"}),
        ):
            keep(
                InsuranceCertificate(
                    coverage=coverage, policy_number=f"{coverage[0].upper()}-{policy}", **period, **terms
                )
            )


def _address(place: Place) -> str:
    return f"police@{''.join(letter for letter in place.key.lower() if letter.isalnum())}.example"
