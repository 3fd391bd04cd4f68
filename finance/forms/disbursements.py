"""The acts of a disbursement: asked for, reviewed, approved, paid; corrected, void, declined (Bylaws Art. X)."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model

from board.models import Motion
from documents.forms import ActWithPapers, ScanField
from finance import services
from finance.forms.acts import TreasurersAct, lines, words
from finance.forms.applying import not_ahead
from finance.models import Category, Disbursement, DisbursementPayment, Fund, Institution, Payment
from finance.rules.spending import Nature, Step, step_of
from membership.models import Official
from membership.models.fields import choices
from nipas_admin.accounts import roles
from nipas_admin.shared import money
from nipas_admin.shared.acts import Fieldset, day
from nipas_admin.shared.choosing import FindOne, OneRecord
from nipas_admin.shared.fields import DollarsFormField

ASK = (roles.SYSTEM_MANAGER, roles.TEAM_COORDINATOR, roles.SECRETARY, roles.TREASURER, roles.BOARD_MEMBER)
LAST_CHECKS = 50


def name_of(person: Any) -> str:
    """A person by name; by the name of the account where that has none."""
    return person.get_full_name() or person.get_username() if person is not None else ""


def people() -> Any:
    """Those of the office who may ask for funds, by name."""
    rows = get_user_model().objects.filter(is_active=True, groups__name__in=ASK).distinct()
    return rows.prefetch_related("groups").order_by("last_name", "username")


class OnePerson(OneRecord):
    """One of those of the office, by name and role."""

    def label_from_instance(self, obj: Any) -> str:
        """``Pat Oxbow, Treasurer``."""
        return ", ".join([name_of(obj), *(group.name for group in obj.groups.all())])


class DisbursementAct(TreasurersAct):
    """An act on a disbursement that stands at one step; its day has come."""

    at: ClassVar[tuple[Step, ...]] = ()
    days: ClassVar[tuple[str, ...]] = ("on",)

    @classmethod
    def applies_to(cls, subject: Disbursement) -> bool:
        """While it stands there."""
        return step_of(subject.course) in cls.at

    def clean(self) -> dict[str, Any]:
        """What is recorded has happened."""
        cleaned = super().clean() or self.cleaned_data
        for name in self.days:
            not_ahead(self, name, self.now.date())
        return cleaned


class AsksForFunds(DisbursementAct, ActWithPapers):
    """What a request says: for whom, what for, how much, out of which fund."""

    nature = forms.ChoiceField(label="What it is", choices=choices(Nature))
    payee = words("Payee", "To whom the check is written.", required=False, most=150)
    payee_official = OneRecord(
        queryset=Official.objects.all(), label="Payee in the register", required=False,
        help_text="Only where a person of the register is paid. Members of the Board serve without compensation.",
    )  # fmt: skip
    payee_user = OnePerson(
        queryset=Official.objects.none(), label="Payee's account", required=False, empty_label="Does not sign in here",
        help_text="Where the payee signs in here: nobody reviews or approves a payment to himself or herself.",
    )  # fmt: skip
    purpose = words("What for", "What was bought, or what the expenses were for.")
    amount = DollarsFormField(label="Amount")
    fund = OneRecord(queryset=Fund.objects.all(), label="Fund", empty_label=None)
    category = OneRecord(
        queryset=Category.objects.filter(flow="disbursement"), label="Category", required=False, empty_label="Choose",
        help_text="As the report and the budget count it. Leave it for the refund of a credit.",
    )  # fmt: skip
    voucher_upload = ScanField(label="Scan of the invoice or receipt", required=False)
    motion = OneRecord(
        queryset=Motion.objects.all(), label="Board's motion", required=False,
        help_text="By which the Board approved the compensation (Bylaws Art. IX §2).",
    )  # fmt: skip
    refunds = OneRecord(
        queryset=Payment.objects.all(), label="Payment that is left over", required=False,
        help_text="The payment whose credit is refunded; the payee may be left blank.",
    )  # fmt: skip
    note = lines("Note")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        fields["payee_user"].queryset = people()
        found = ["payee_official", "motion", "refunds"]
        if not self.user.has_perm("finance.view_payment"):
            found.remove("refunds")
            del fields["refunds"]
            fields["nature"].choices = [one for one in choices(Nature) if one[0] != Nature.REFUND.value]
        for name in found:
            fields[name].widget = FindOne(Disbursement._meta.get_field(name), admin.site)
            fields[name].widget.choices = fields[name].choices
        self.initial.setdefault("fund", services.general_fund().pk)

    @property
    def fieldsets(self) -> list[Fieldset]:
        """What is asked of everything, and what only of some."""
        some = [name for name in ("payee_official", "payee_user", "motion", "refunds") if name in self.fields]
        who = [name for name in ("requested_by", "on") if name in self.fields]
        known = any(self.initial.get(name) for name in some)
        return [
            (None, {"fields": ["nature", "payee", "purpose", "amount", "fund", "category", "voucher_upload"]}),
            (
                "Only for a person of the register, for compensation, or for the refund of a credit",
                {"fields": some, "classes": [] if known else ["collapse"]},
            ),
            *([("Who asks, and when", {"fields": who})] if who else []),
            (None, {"fields": ["note"]}),
        ]

    def asked_for(self) -> dict[str, Any]:
        """What the service takes."""
        names = (
            "nature", "payee", "payee_official", "payee_user", "purpose", "amount", "fund", "category", "motion",
            "refunds", "note",
        )  # fmt: skip
        known = {name: self.cleaned_data.get(name) for name in names}
        voucher = self.paper("voucher_upload", f"Invoice or voucher: {known['purpose']}"[:200])
        return {**known, **({"voucher": voucher} if voucher is not None else {})}


class RequestForm(AsksForFunds):
    """Funds are asked for."""

    slug = "request"
    label = "Ask for a disbursement"
    permission = "finance.add_disbursement"
    intro = (
        "It is reviewed by the System Manager or a Team Coordinator, approved by the Treasurer, paid, and reported to "
        "the Board (Bylaws Art. X)."
    )

    requested_by = OnePerson(
        queryset=Official.objects.none(), label="Asked for by", empty_label="Choose",
        help_text="Whose request it is. Another person reviews it, and another one approves it.",
    )  # fmt: skip
    on = day("Asked for on")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if services.is_treasurer(self.user):
            self.fields["requested_by"].queryset = people()  # type: ignore[attr-defined]
        else:
            del self.fields["requested_by"]

    def act(self) -> Disbursement:
        """Ask."""
        by = self.cleaned_data.get("requested_by") or self.user
        return services.request_disbursement(
            requested_by=by, requested_on=self.cleaned_data["on"], **self.asked_for()
        )  # fmt: skip

    def said(self, record: Disbursement) -> str:
        """Its number, and what is next."""
        return f"{record.reference} is asked for. It waits for the review (Bylaws Art. X)."


class CorrectForm(AsksForFunds):
    """What was asked for is corrected, before the review."""

    slug = "correct"
    label = "Correct the request"
    permission = "finance.add_disbursement"
    intro = "Until it is reviewed. After that, decline it and ask anew: what was reviewed is what is paid."
    at = (Step.REQUESTED,)
    days = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.fields:
            if hasattr(self.subject, name):
                value = getattr(self.subject, name)
                self.initial[name] = getattr(value, "pk", value)

    def act(self) -> Disbursement:
        """Correct it."""
        known = {name: value for name, value in self.asked_for().items() if name in self.fields or name == "voucher"}
        return services.correct_request(disbursement=self.subject, by=self.user, **known)

    def said(self, record: Disbursement) -> str:
        """As it stands now."""
        return f"{record.reference} now asks for {money.shown(record.amount)} for {record.payee}."


class AttachForm(DisbursementAct, ActWithPapers):
    """The invoice or receipt comes to a disbursement that has none."""

    slug = "attach"
    label = "Attach the invoice"
    permission = "finance.add_disbursement"
    intro = "It stays with the disbursement. Several sheets go into one file."
    days = ()

    voucher_upload = ScanField(label="Scan of the invoice or receipt")

    @classmethod
    def applies_to(cls, subject: Disbursement) -> bool:
        """While there is none, and it was not declined."""
        return subject.voucher_id is None and subject.declined_on is None

    def act(self) -> Disbursement:
        """Attach it."""
        paper = self.paper("voucher_upload", f"Invoice or voucher: {self.subject.purpose}"[:200])
        return services.attach_voucher(disbursement=self.subject, voucher=paper) if paper else self.subject

    def said(self, record: Disbursement) -> str:
        """That it is on file."""
        return f"The invoice is on file with {record.reference}."


class ReviewForm(DisbursementAct):
    """The review (Bylaws Art. X)."""

    slug = "review"
    label = "Record the review"
    permission = "finance.add_disbursementreview"
    intro = "You have looked at what is asked for and its paper, and it is in order under the policy of the Board."
    at = (Step.REQUESTED,)

    on = day("Reviewed on")
    note = words("Note", "What you looked at, where that is worth keeping.", required=False)

    def act(self) -> Disbursement:
        """Record it."""
        data = self.cleaned_data
        services.review(disbursement=self.subject, by=self.user, on=data["on"], note=data["note"])
        row: Disbursement = self.subject
        return row

    def said(self, record: Disbursement) -> str:
        """What is next."""
        return f"{record.reference} is reviewed. The Treasurer approves it (Bylaws Art. X)."


class ApproveForm(DisbursementAct):
    """The Treasurer's approval (Bylaws Art. X)."""

    slug = "approve"
    label = "Approve"
    permission = "finance.add_disbursementapproval"
    intro = "Approved under the policy of the Board that is in force on the day. The amount stays as it was reviewed."
    at = (Step.REVIEWED,)

    on = day("Approved on")
    note = words("Note", required=False)

    def act(self) -> Disbursement:
        """Approve it."""
        data = self.cleaned_data
        services.approve(disbursement=self.subject, by=self.user, on=data["on"], note=data["note"])
        row: Disbursement = self.subject
        return row

    def said(self, record: Disbursement) -> str:
        """What is next."""
        return f"{record.reference} is approved. Write the check."


class PayForm(DisbursementAct):
    """The check or transfer that pays it (Bylaws Art. VI §4)."""

    slug = "pay"
    label = "Record the payment"
    permission = "finance.add_disbursementpayment"
    intro = "The amount is the one that was approved. The check is signed by the Treasurer (Bylaws Art. VI §4)."
    at = (Step.APPROVED,)
    days = ("paid_on",)

    institution = OneRecord(queryset=Institution.objects.all(), label="Drawn on", empty_label="Choose")
    paid_on = day("Paid on")
    method = forms.ChoiceField(label="How", choices=DisbursementPayment.Method.choices)
    check_number = forms.CharField(
        label="Check or reference number", max_length=30,
        widget=forms.TextInput(attrs={"class": "vTextField short", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("paid_on", self.now.date())
        banks = list(Institution.objects.in_force_on(self.now.date())[:2])
        if len(banks) == 1:
            self.initial.setdefault("institution", banks[0].pk)
            self._suggest(banks[0])

    def _suggest(self, bank: Institution) -> None:
        """The number after the last check written on this account."""
        last = DisbursementPayment.objects.filter(institution=bank, method=DisbursementPayment.Method.CHECK)
        numbers = [number for number in last.values_list("check_number", flat=True)[:LAST_CHECKS] if number.isdecimal()]
        if numbers:
            self.initial.setdefault("check_number", str(max(map(int, numbers)) + 1))
            self.fields["check_number"].help_text = "The number after the last check on this account: compare it."

    def act(self) -> Disbursement:
        """Record it."""
        data = self.cleaned_data
        names = ("institution", "paid_on", "method", "check_number")
        services.pay(disbursement=self.subject, signed_by=self.user, **{name: data[name] for name in names})
        row: Disbursement = self.subject
        return row

    def said(self, record: Disbursement) -> str:
        """What is next."""
        return f"{record.reference} is paid: {money.shown(record.amount)}. It is reported to the Board (Bylaws Art. X)."


class VoidForm(DisbursementAct):
    """A lost or spoiled check is void."""

    slug = "void"
    label = "Void the check"
    permission = "finance.add_disbursementpayment"
    intro = "The check stays on record as void, with the reason. The disbursement stays approved and is paid anew."
    at = (Step.PAID, Step.REPORTED)

    on = day("Void since")
    because = words("Why", "For example: lost in the mail, payment stopped at the bank.", required=False)

    def act(self) -> Disbursement:
        """Void it."""
        row: Disbursement = self.subject
        payment = row.review.approval.payments.get(voided_on__isnull=True)
        services.void_payment(payment=payment, on=self.cleaned_data["on"], because=self.cleaned_data["because"])
        return row

    def said(self, record: Disbursement) -> str:
        """What is next."""
        return f"The check is void. {record.reference} is approved still, and can be paid by another one."


class DeclineForm(DisbursementAct):
    """It is declined, at any step before it is paid."""

    slug = "decline"
    label = "Decline"
    permission = "finance.view_disbursement"
    intro = "Its number stays used, and the reason stays on record with it. Nothing is paid."
    at = (Step.REQUESTED, Step.REVIEWED, Step.APPROVED)

    on = day("Declined on")
    because = words("Why", required=False)

    def act(self) -> Disbursement:
        """Decline it."""
        data = self.cleaned_data
        return services.decline(disbursement=self.subject, by=self.user, on=data["on"], because=data["because"])

    def said(self, record: Disbursement) -> str:
        """That it is over."""
        return f"{record.reference} is declined."
