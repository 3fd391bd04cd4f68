"""The desk: the part of the live page that only this clerk works on, so that nobody else's press disturbs it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localtime

from board import services
from board.live import election_forms
from board.live.cursor import OPENED, phase_of
from board.live.forms import LiveForm, ParagraphForm
from board.models import AgendaItem, Election, Meeting, Motion, Nominee
from board.rules.elections import Stage, voice_vote_allowed


def of_item(request: HttpRequest, meeting: Meeting, item: AgendaItem, *, runs: bool, oob: bool = False) -> str:
    """One item, with its paragraph and the way to a new motion."""
    open_now = runs and phase_of(meeting) == OPENED
    item.meeting = meeting
    form = None
    if runs:
        form = ParagraphForm(subject=item, user=request.user, meeting=meeting, at=meeting.starts_at)
    move = f"{reverse('board:live_act', args=[meeting.pk, 'move'])}?item={item.pk}" if open_now else ""
    context = {"meeting": meeting, "item": item, "form": form, "move": move, "oob": oob}
    return render_to_string("board/live/_item.html", context, request=request)


def of_election(request: HttpRequest, meeting: Meeting, key: int, *, runs: bool, oob: bool = False) -> str:
    """One election: who stands, eligible or not and why, every ballot, and what comes next."""
    election = Election.objects.whole().filter(meeting=meeting, pk=key).first()
    if election is None:
        raise Http404("There is no such election at this meeting.")
    election.meeting = meeting
    standing = services.standing_of(election)
    nominees = []
    for nominee in election.nominees.all():
        nominee.election = election
        nominees.append((nominee, services.eligibility_of(nominee)))
    forms: dict[str, LiveForm] = {}
    if runs and meeting.in_session and election.winner is None:
        forms = _forms(request, meeting, election, standing.value.stage if standing.value else Stage.BALLOT)
    context = {
        "meeting": meeting,
        "election": election,
        "standing": standing,
        "answer": _answer(standing.value),
        "nominees": nominees,
        "forms": forms,
        "may_decline": bool(forms) and not election.ballots.all(),
        "oob": oob,
    }
    return render_to_string("board/live/_election.html", context, request=request)


def _answer(standing: Any) -> str:
    if standing is None:
        return ""
    if standing.elected:
        return f"{standing.elected} is elected"
    return (
        f"{standing.stage.label}: {' and '.join(standing.between)}" if standing.between else str(standing.stage.label)
    )


def _forms(request: HttpRequest, meeting: Meeting, election: Election, stage: Stage) -> dict[str, LiveForm]:
    known: dict[str, Any] = {"user": request.user, "meeting": meeting, "at": meeting.called_to_order_at}
    forms: dict[str, LiveForm] = {}
    candidates = [nominee for nominee in election.nominees.all() if not nominee.declined]
    if services.terms_of(meeting) is None:
        if candidates:
            forms["elected"] = election_forms.ElectedByHandForm(subject=election, **known)
    elif stage.stopped:
        forms["tie"] = election_forms.TieForm(subject=election, **known)
    elif candidates:
        forms["ballot"] = election_forms.BallotForm(subject=election, **known)
    if not election.ballots.all():
        forms["nominate"] = election_forms.NominateForm(subject=election, **known)
        if _voice_allowed(meeting):
            forms["voice"] = election_forms.VoiceForm(subject=meeting, **known)
    return forms


def _voice_allowed(meeting: Meeting) -> bool:
    found = Election.objects.whole().filter(meeting=meeting)
    standing = {str(one.seat): sum(not nominee.declined for nominee in one.nominees.all()) for one in found}
    return bool(voice_vote_allowed(standing).value)


def after(request: HttpRequest, meeting: Meeting, form: LiveForm, left: Any) -> str:
    """What the desk shows once the act is done."""
    if isinstance(left, AgendaItem):
        kept = localtime(form.at)
        context = {"item": left, "kept": services.clock(kept)}
        return render_to_string("board/live/_kept.html", context)
    if isinstance(left, Nominee):
        return of_election(request, meeting, left.election_id, runs=True, oob=True)
    if isinstance(left, Election):
        return of_election(request, meeting, left.pk, runs=True, oob=True)
    if isinstance(form, election_forms.OfElection):
        return of_election(request, meeting, form.subject.pk, runs=True, oob=True)
    if isinstance(left, Motion) and left.item is not None and form.clears:
        return of_item(request, meeting, left.item, runs=True, oob=True)
    if form.clears or isinstance(form, election_forms.VoiceForm):
        return render_to_string("board/live/_desk.html", {"oob": True, "runs": True})
    return ""
