"""The roles, and what each may do: one table, kept in code, written to the groups after every migrate.

Two rules stand above the table: nobody but a superuser may delete, and only superusers manage accounts.
An app or a record that does not exist yet is simply not granted; its row takes effect the day it arrives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

NOTHING: frozenset[str] = frozenset()
READ = frozenset({"view"})
ADD = READ | {"add"}
WRITE = ADD | {"change"}
COPY_OUT = READ | {"export"}
KEEP = WRITE | {"import", "export"}
Actions = frozenset[str]

EVERYTHING = "*"
ROOMS = ("documents", "membership", "board", "finance", "operations")

BOOK = ADD | {"export"}
# What only acts write, or the bylaws set: nobody types it in afterwards.
WRITTEN_BY_ACTS = (
    "board.rollentry",
    "board.attendance",
    "board.vote",
    "board.approvedminutes",
    "board.seat",
)
# What the Treasurer's acts write: the acts ask for “add”, and nobody changes it but by another act.
BOOKED_BY_ACTS = (
    "finance.fiscalyear",
    "finance.invoicerun",
    "finance.runitem",
    "finance.invoice",
    "finance.invoiceline",
    "finance.allocation",
    "finance.deposit",
    "finance.bankstatement",
    "finance.bankline",
    "finance.reminder",
    "finance.reminderitem",
    "finance.disbursement",
    "finance.disbursementapproval",
    "finance.disbursementpayment",
    "finance.disbursementreport",
)

# What the alarm desk writes while an incident runs.
RUN_AT_THE_DESK = ("operations.incident", "operations.requestline", "operations.aid", "operations.incidentnote")

SYSTEM_MANAGER = "System Manager"
SECRETARY = "Secretary"
TREASURER = "Treasurer"
BOARD_MEMBER = "Board Member"
AUDITOR = "Auditor"
TEAM_COORDINATOR = "Team Coordinator"
TELECOMMUNICATOR = "Telecommunicator"
AGENCY_REPRESENTATIVE = "Agency Representative"


@dataclass(frozen=True)
class Role:
    """What a role may do.

    ``grants`` maps ``app`` to what may be done with all its records, and ``app.model`` to what may be done with
    that one, which then replaces the app's. ``history`` opens the earlier states of every record the role sees.
    """

    purpose: str
    grants: Mapping[str, Actions] = field(default_factory=dict)
    history: bool = False

    def actions_on(self, app_label: str, model_name: str) -> Actions:
        """What this role may do with a record; empty when it does not even see it."""
        return self.grants.get(f"{app_label}.{model_name}", self.grants.get(app_label, frozenset()))


def _everywhere(actions: Actions, *others: str) -> dict[str, Actions]:
    return dict.fromkeys((*ROOMS, *others), actions)


ROLES: Mapping[str, Role] = {
    SYSTEM_MANAGER: Role(
        "Keeps the roll true: agencies, officials, instruments, participation, resources.",
        {
            **_everywhere(READ),
            "documents": ADD | {"change", "export"},
            "membership": KEEP,
            "operations": KEEP,
            "finance": COPY_OUT,
            "finance.disbursement": BOOK,
            "finance.disbursementreview": BOOK,
            "jobs": WRITE,
        },
        history=True,
    ),
    SECRETARY: Role(
        "Keeps the records, the correspondence and the minutes (Bylaws Art. VI §3).",
        {
            **_everywhere(READ),
            "documents": KEEP,
            "membership": KEEP,
            "board": KEEP,
            **dict.fromkeys(WRITTEN_BY_ACTS, COPY_OUT),
            "jobs": WRITE,
        },
    ),
    TREASURER: Role(
        "Receives, deposits and reports the money (Bylaws Art. VI §4, Art. X).",
        {
            **_everywhere(READ),
            "documents": ADD,
            "documents.outgoingmail": WRITE,
            "membership": COPY_OUT,
            "membership.insurancecertificate": KEEP,
            "finance": KEEP,
            **dict.fromkeys(BOOKED_BY_ACTS, BOOK),
            # What a body brings from its binders comes in through the same acts.
            **dict.fromkeys(("finance.payment", "finance.invoice", "finance.fiscalyear"), BOOK | {"import"}),
            "finance.disbursementreview": COPY_OUT,
            "jobs": WRITE,
        },
    ),
    BOARD_MEMBER: Role("Reads everything but accounts.", {**_everywhere(READ), "jobs": READ}),
    AUDITOR: Role(
        "Reads everything, accounts and the history of every record too; changes nothing.",
        {**_everywhere(COPY_OUT), "jobs": READ, "accounts": READ, "auth.group": READ, "admin": READ},
        history=True,
    ),
    TEAM_COORDINATOR: Role(
        "Keeps the teams: who takes part, with whom, meeting which requirements (Bylaws Art. VII, VIII).",
        {
            "documents": ADD,
            "documents.outgoingmail": NOTHING,
            "membership": READ,
            "membership.teamparticipation": KEEP,
            "board": READ,
            "operations": KEEP,
            "finance.disbursement": ADD,
            "finance.disbursementreview": ADD,
            "jobs": READ,
        },
    ),
    TELECOMMUNICATOR: Role(
        "Answers a call for aid: finds agencies and their people, runs the incident.",
        {
            "membership.agency": READ,
            "membership.county": READ,
            "membership.official": READ,
            "membership.specializedteam": READ,
            "membership.teamparticipation": READ,
            "operations": READ,
            **dict.fromkeys(RUN_AT_THE_DESK, WRITE),
        },
    ),
    AGENCY_REPRESENTATIVE: Role(
        "Signs in for one agency and sees the rows of that agency only.",
        {
            "documents": READ,
            "documents.outgoingmail": NOTHING,
            "membership": READ,
            "board.approvedminutes": READ,
            "finance.invoice": READ,
            "finance.costrequest": READ,
            "operations": READ,
            "operations.resource": WRITE,
            "operations.pocketcardorder": ADD,
        },
    ),
}

OFFICE_ROLES = frozenset(ROLES) - {AGENCY_REPRESENTATIVE}


def codenames(role: Role, app_label: str, model_name: str, of_history: bool = False) -> Iterator[str]:
    """The codenames a role holds on a record, or on its history, for example ``view_agency``."""
    actions = role.actions_on(app_label, model_name)
    if not of_history:
        yield from (f"{action}_{model_name}" for action in sorted(actions))
    elif role.history and "view" in actions:
        yield f"view_historical{model_name}"
