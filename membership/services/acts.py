"""Legal acts. Each has one door: keyword-only, one transaction, checked whole before it is written.

Every act raises ValidationError, in words that name the clause, when it cannot be done; nothing is written then.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from documents.models import Paper
from membership.models import (
    Agency,
    AgreementVersion,
    Application,
    Approval,
    Participation,
    Proceeding,
    TerminationNotice,
)
from membership.rules import instruments, joining, leaving, standing
from membership.rules.facts import Adoption, Path, Status
from membership.services.standing import packet_of
from nipas_admin.shared.dated import day_before, in_words
from nipas_admin.shared.findings import Finding
from nipas_admin.shared.records import saved


def _locked(participation: Participation) -> Participation:
    """The stint, locked with its agency so that two acts on it cannot cross."""
    Agency.objects.select_for_update().get(pk=participation.agency_id)
    locked: Participation = Participation.objects.select_related("agency").get(pk=participation.pk)
    return locked


def preview_notice(
    participation: Participation,
    *,
    received_on: date,
    dated_on: date | None = None,
    correcting: TerminationNotice | None = None,
) -> Finding[date]:
    """What a notice received on this day would do, without recording it: the first day out and why.

    ``correcting`` is a notice already recorded that is looked at as if it were not. Raises ValidationError when the
    agency does not participate on that day.
    """
    adoption = AgreementVersion.objects.adoption()
    earlier = [n.notice for n in participation.notices.all() if correcting is None or n.pk != correcting.pk]
    stint = replace(participation.stint, withdrawn_on=leaving.withdrawn_on(earlier))
    status = standing.status_of_stint(stint, adoption, received_on)
    name = participation.agency
    if status is not None and status.has_ended:
        ended = standing.endings_by(stint, adoption, received_on)[0][0]
        raise ValidationError(
            f"{name} has already left: its participation ended on {in_words(ended)}. There is nothing to withdraw "
            "from (Agreement §4.A)."
        )
    if status is None:
        raise ValidationError(
            f"On {in_words(received_on)} {name} did not participate yet: it has nothing to withdraw from "
            "(Agreement §4.A)."
        )
    terms = AgreementVersion.objects.terms_on(received_on)
    return leaving.withdrawal(received_on, terms, dated_on=dated_on, earlier=earlier)


@transaction.atomic
def receive_notice(
    *,
    participation: Participation,
    received_on: date,
    dated_on: date | None = None,
    received_by: str = TerminationNotice.Received.OFFICE,
    signed_by: str = "",
    scan: Paper | None = None,
    note: str = "",
) -> TerminationNotice:
    """Record a Termination Notice and fix the day it takes effect (Agreement §4.A).

    A second notice while one runs is recorded and changes nothing: it takes the first one's effect at the earliest.
    """
    participation = _locked(participation)
    preview_notice(participation, received_on=received_on, dated_on=dated_on)
    terms = AgreementVersion.objects.terms_on(received_on)
    notice = TerminationNotice(
        participation=participation, dated_on=dated_on, received_on=received_on, received_by=received_by,
        signed_by=signed_by,
        scan=scan, note=note, effective_on=leaving.withdrawal_effective_on(received_on, terms),
    )  # fmt: skip
    saved(notice)
    _restate_endings(participation)
    return notice


@transaction.atomic
def correct_notice(
    *, notice: TerminationNotice, received_on: date, because: str, dated_on: date | None = None
) -> TerminationNotice:
    """Put right a day of receipt that was recorded wrongly; the first day out follows, the reason stays in history."""
    participation = _locked(notice.participation)
    notice = TerminationNotice.objects.get(pk=notice.pk)
    if not because.strip():
        raise ValidationError({"because": "Say how the right day is known: the correction and its reason are kept."})
    preview_notice(participation, received_on=received_on, dated_on=dated_on, correcting=notice)
    terms = AgreementVersion.objects.terms_on(received_on)
    notice.received_on, notice.dated_on = received_on, dated_on
    notice.effective_on = leaving.withdrawal_effective_on(received_on, terms)
    notice._change_reason = f"Corrected: {because.strip()}"
    saved(notice)
    _restate_endings(participation)
    return notice


@transaction.atomic
def rescind_notice(*, notice: TerminationNotice, decided_on: date, paper: Paper | None = None) -> TerminationNotice:
    """Record that the Board let a notice go before it took effect (Reading R8)."""
    participation = _locked(notice.participation)
    notice = TerminationNotice.objects.get(pk=notice.pk)
    if notice.rescinded_on is not None:
        raise ValidationError(f"This notice was already rescinded on {in_words(notice.rescinded_on)}.")
    finding = leaving.rescission(notice.notice, decided_on)
    if not finding.value:
        raise ValidationError(f"The notice cannot be rescinded: {finding.because[0]}.")
    notice.rescinded_on, notice.rescission_paper = decided_on, paper
    saved(notice)
    _restate_endings(participation)
    return notice


def _restate_endings(participation: Participation) -> None:
    """Store on the stint the first days out that its notices and proceedings fix."""
    notices = [n.notice for n in TerminationNotice.objects.filter(participation=participation)]
    ended = Proceeding.objects.filter(participation=participation, outcome="terminated", effective_on__isnull=False)
    withdrawn_on = leaving.withdrawn_on(notices)
    terminated_on = min((p.effective_on for p in ended), default=None)
    if (withdrawn_on, terminated_on) != (participation.withdrawn_on, participation.terminated_on):
        participation.withdrawn_on, participation.terminated_on = withdrawn_on, terminated_on
        saved(participation)


@transaction.atomic
def decide_proceeding(
    *,
    proceeding: Proceeding,
    outcome: str,
    decided_on: date,
    votes_for: int | None = None,
    votes_against: int | None = None,
    in_office: int | None = None,
    named_on: date | None = None,
    suspended_until_on: date | None = None,
    decision_paper: Paper | None = None,
    vote: Finding[bool] | None = None,
) -> Proceeding:
    """Record the Board's decision; a suspension or termination takes effect by Reading R20.

    ``vote``: the outcome of the Board's own vote, where the register has it.

    Raises ValidationError when notice, hearing or the two-thirds vote are wanting (Agreement §4.B–C, Reading R12).
    """
    participation = _locked(proceeding.participation)
    proceeding = Proceeding.objects.get(pk=proceeding.pk)
    if proceeding.outcome:
        raise ValidationError(f"This proceeding was already decided on {in_words(proceeding.decided_on)}.")
    proceeding.outcome, proceeding.decided_on = outcome, decided_on
    proceeding.votes_for, proceeding.votes_against, proceeding.in_office = votes_for, votes_against, in_office
    proceeding.named_on, proceeding.suspended_until_on = named_on, suspended_until_on
    proceeding.decision_paper = decision_paper
    if outcome in (leaving.Outcome.TERMINATED.value, leaving.Outcome.SUSPENDED.value):
        adoption = AgreementVersion.objects.adoption()
        finding = leaving.proceeding_in_order(proceeding.facts, AgreementVersion.objects.terms_on(decided_on), vote)
        if not finding.value:
            reasons = [
                *(str(fact) for fact in finding.because if finding.value is False),
                *(f"missing: {item}" for item in finding.missing),
            ]
            raise ValidationError([f"The Board's decision cannot take effect: {reason}." for reason in reasons])
        try:
            proceeding.effective_on = leaving.decision_effective_on(decided_on, named_on)
        except ValueError as error:
            raise ValidationError({"named_on": str(error)}) from error
        first_day = proceeding.effective_on
        # Two endings may fall on one day; a termination needs an agency that participates until the day before it.
        last_day = first_day if proceeding.suspends else day_before(first_day)
        status = standing.status_of_stint(participation.stint, adoption, last_day)
        if status is None or status.has_ended:
            raise ValidationError(
                f"{participation.agency} does not participate on {in_words(last_day)}; there is nothing to end or "
                "suspend."
            )
    saved(proceeding)
    _restate_endings(participation)
    return proceeding


@transaction.atomic
def end_suspension(*, proceeding: Proceeding, back_on: date) -> Proceeding:
    """Set the first day back of an open suspension (Bylaws Art. III §9)."""
    _locked(proceeding.participation)
    proceeding = Proceeding.objects.get(pk=proceeding.pk)
    if not proceeding.suspends:
        raise ValidationError("Only a suspension has a first day back (Bylaws Art. III §9).")
    proceeding.suspended_until_on = back_on
    return saved(proceeding)


@transaction.atomic
def choose_date(*, approval: Approval, on: date, because: str) -> Approval:
    """Settle which of the dates that disagree governs an Approval, with the reason on the record."""
    approval = Approval.objects.select_for_update().get(pk=approval.pk)
    approval.chosen_on, approval.chosen_because = on, because.strip()
    if not approval.chosen_because:
        raise ValidationError(
            {"chosen_because": "Say why this date governs: the choice and its reason go on the record."}
        )
    return saved(approval)


@transaction.atomic
def settle(*, participation: Participation, settlement: str, on: date, because: str) -> Participation:
    """Record what a person decided of a stint to which the texts give no ending (Reading R19)."""
    participation = _locked(participation)
    participation.settlement, participation.settled_on, participation.settled_because = settlement, on, because.strip()
    return saved(participation)


@transaction.atomic
def admit(
    *,
    application: Application,
    decided_on: date,
    board_paper: Paper | None = None,
    dues_required: bool = True,
    dues_paid_on: date | None = None,
    out_of_order: bool = False,
) -> Participation | None:
    """Record the Board's approval of an application and open the stint (Agreement §5.B, Bylaws Art. III §4).

    Refused while the packet is incomplete. A vote in fact taken can be recorded as out of order: then no stint is
    opened and None is returned, until a person decides.
    """
    agency = Agency.objects.select_for_update().get(pk=application.agency_id)
    application = Application.objects.get(pk=application.pk)
    _still_open(application)
    application.decision, application.decided_on, application.decision_paper = (
        Application.Decision.APPROVED,
        decided_on,
        board_paper,
    )
    finding = packet_of(application)
    if not finding.value and not out_of_order:
        raise ValidationError(
            [f"The Board cannot approve yet (Bylaws Art. III §4). Missing: {item}." for item in finding.missing]
            + ["If the Board has voted all the same, record the vote as out of order."]
        )
    if not finding.value:
        application.out_of_order = True
        saved(application)
        return None
    return _open_stint(agency, application, dues_required=dues_required, dues_paid_on=dues_paid_on)


def _open_stint(
    agency: Agency, application: Application, *, dues_required: bool, dues_paid_on: date | None = None
) -> Participation:
    """The stint that an approved application opens, on the day of the Board's vote."""
    decided_on = application.decided_on
    if decided_on is None:
        raise ValidationError("A stint opens with the Board's vote: the day of the vote is missing.")
    adoption = AgreementVersion.objects.adoption()
    last = agency.participations.order_by("-number").first()
    if last is not None:
        _must_have_ended(last, adoption, decided_on)
        _papers_must_serve(last, application, adoption, decided_on)
    participation = Participation(
        agency=agency, number=last.number + 1 if last else 1, path=Path.NEW.value, approval=application.approval,
        execution=application.execution, board_approved_on=decided_on, board_paper=application.decision_paper,
        dues_required=dues_required, dues_paid_on=dues_paid_on,
    )  # fmt: skip
    saved(participation)
    application.participation = participation
    saved(application)
    return participation


@transaction.atomic
def settle_vote(*, application: Application, stands: bool, because: str, dues_required: bool = True) -> Application:
    """Decide what becomes of a vote taken out of order, with the reason kept in history (Bylaws Art. III §4).

    A vote that stands takes effect from its own day. One that does not stand leaves the application open again.
    """
    agency = Agency.objects.select_for_update().get(pk=application.agency_id)
    application = Application.objects.get(pk=application.pk)
    if not application.out_of_order:
        raise ValidationError("Only a vote recorded as out of order waits for a person's decision.")
    if not because.strip():
        raise ValidationError({"because": "Say why: the decision and its reason are kept in history."})
    application.out_of_order = False
    application._change_reason = f"The vote {'stands' if stands else 'does not stand'}: {because.strip()}"
    if stands and application.decision == Application.Decision.APPROVED:
        _open_stint(agency, application, dues_required=dues_required)
    elif stands:
        saved(application)
    else:
        application.decision, application.decided_on, application.decision_paper = "", None, None
        saved(application)
    return application


def _still_open(application: Application) -> None:
    if application.decision:
        raise ValidationError(
            f"This application was already decided on {in_words(application.decided_on)}: "
            f"{application.get_decision_display().lower()}."
        )


def _must_have_ended(last: Participation, adoption: Adoption, day: date) -> None:
    status = standing.status_of_stint(last.stint, adoption, day)
    if status is None or not status.has_ended:
        raise ValidationError(
            f"{last.agency} already has a stint that has not ended by {in_words(day)}; stints never overlap "
            "(Agreement §5.B)."
        )


def _papers_must_serve(last: Participation, application: Application, adoption: Adoption, day: date) -> None:
    ended_on, how = standing.endings_by(last.stint, adoption, day)[0]
    papers = [("Approval", application.approval), ("Execution", application.execution)]
    for name, paper in papers:
        finding = joining.papers_serve_again(how is Status.LAPSED, paper.when, ended_on) if paper else None
        if finding is not None and finding.value is False:
            raise ValidationError(
                f"Coming back needs fresh papers (Reading R21): the {name} is from before participation ended on "
                f"{in_words(ended_on)}."
            )


@transaction.atomic
def close_application(
    *, application: Application, decision: str, decided_on: date, paper: Paper | None = None, out_of_order: bool = False
) -> Application:
    """Record that the Board disapproved an application, or that the agency took it back (Bylaws Art. III §4)."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    _still_open(application)
    application.decision, application.decided_on, application.decision_paper = decision, decided_on, paper
    if decision == Application.Decision.DISAPPROVED:
        finding = packet_of(application)
        if not finding.value and not out_of_order:
            raise ValidationError(
                [
                    f"The packet is a condition of disapproval too (Bylaws Art. III §4). Missing: {item}."
                    for item in finding.missing
                ]
            )
        application.out_of_order = not finding.value
    return saved(application)


@transaction.atomic
def pay_joining_dues(*, participation: Participation, paid_on: date) -> Participation:
    """Record the day on which the joining dues were paid (Bylaws Art. III §2.c.iv)."""
    participation = _locked(participation)
    if not participation.dues_required:
        raise ValidationError("No joining dues are required of this agency.")
    if participation.dues_paid_on is not None:
        raise ValidationError(f"The joining dues were already paid on {in_words(participation.dues_paid_on)}.")
    participation.dues_paid_on = paid_on
    return saved(participation)


@transaction.atomic
def take_back_joining_dues(*, participation: Participation) -> Participation:
    """Record that the joining dues are not paid after all, as when the bank returns the check (Art. III §2.c.iv)."""
    participation = _locked(participation)
    if participation.dues_paid_on is None:
        raise ValidationError("The joining dues are not recorded as paid.")
    participation.dues_paid_on = None
    return saved(participation)


@transaction.atomic
def restate(agency: Agency) -> None:
    """Point an original-path stint at the papers that serve it, after an Approval or Execution was recorded.

    Only gaps are filled and only where there is one such stint: what a person linked stays.
    """
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    stints = list(agency.participations.filter(path=Path.ORIGINAL.value))
    if len(stints) != 1:
        return
    stint = stints[0]
    before = (stint.approval_id, stint.execution_id, stint.amended_approval_id, stint.amended_execution_id)
    for edition, approval, execution in (
        ("original", "approval", "execution"),
        ("amended", "amended_approval", "amended_execution"),
    ):
        serving = _serving(agency, edition)
        if getattr(stint, approval) is None or edition == "amended":
            setattr(stint, approval, serving)
        if getattr(stint, execution) is None:
            setattr(stint, execution, agency.executions.filter(agreement__edition=edition).order_by("pk").first())
    if before != (stint.approval_id, stint.execution_id, stint.amended_approval_id, stint.amended_execution_id):
        saved(stint)


def _serving(agency: Agency, edition: str) -> Approval | None:
    papers = {a.pk: a for a in agency.approvals.filter(agreement__edition=edition)}
    in_force = AgreementVersion.objects.adoption().collective.latest
    # A repeal ends no participation (Reading R8): it counts only until the amended agreement is in force.
    too_late = {
        pk
        for pk, a in papers.items()
        if (edition == "original" and not a.approves)
        or (edition == "amended" and in_force and a.when.by(day_before(in_force)) is False)
    }
    chain = [
        instruments.Ordinance(pk, a.when, None if pk in too_late else a.rescinds_id, a.approves)
        for pk, a in papers.items()
    ]
    serving = instruments.approval_serving(chain)
    return papers[serving.key] if serving else None
