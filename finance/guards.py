"""What the database itself refuses of disbursements: what no constraint can see, because it lies in another table.

The people of each step stay apart (Bylaws Art. X), the copies that hold them apart tell the truth, no step is skipped
or taken after the disbursement was declined, and what was reviewed is what is paid.
"""

from __future__ import annotations

from finance import models
from nipas_admin.shared import triggers

# What a review is a review of: it stays as it was reviewed.
REVIEWED = (
    "nature", "payee", "payee_official_id", "payee_user_id", "purpose", "amount", "fund_id", "category_id",
    "refunds_id", "motion_id",
)  # fmt: skip
OF_DISBURSEMENT = "FROM finance_disbursement d WHERE d.id = NEW.disbursement_id"
OF_REVIEW = (
    "FROM finance_disbursementreview r JOIN finance_disbursement d ON d.id = r.disbursement_id "
    "WHERE r.id = NEW.review_id"
)
OF_APPROVAL = (
    "FROM finance_disbursementapproval a JOIN finance_disbursementreview r ON r.id = a.review_id "
    "JOIN finance_disbursement d ON d.id = r.disbursement_id WHERE a.id = NEW.approval_id"
)
A_REVIEW = "SELECT 1 FROM finance_disbursementreview r WHERE r.disbursement_id = NEW.id"
PAID = (
    "SELECT 1 FROM finance_disbursementpayment p JOIN finance_disbursementapproval a ON a.id = p.approval_id "
    "JOIN finance_disbursementreview r ON r.id = a.review_id WHERE r.disbursement_id = NEW.id AND p.voided_on IS NULL"
)


def declare() -> None:
    """Declare them; they are put on the tables after every migrate."""
    review, approval = models.DisbursementReview, models.DisbursementApproval
    payment, report = models.DisbursementPayment, models.DisbursementReport
    for model, rows, conditions in (
        (
            review,
            OF_DISBURSEMENT,
            {
                "NEW.requester_id <> d.requested_by_id": "A review names whoever asked for the disbursement.",
                "NEW.by_id = d.payee_user_id": "Nobody reviews a payment to himself or herself (Bylaws Art. X).",
                "NEW.\"on\" < d.requested_on": "A review comes after the request.",
                "d.declined_on IS NOT NULL": "What was declined is not reviewed.",
            },
        ),
        (
            approval,
            OF_REVIEW,
            {
                "NEW.reviewer_id <> r.by_id": "An approval names whoever reviewed the disbursement.",
                "COALESCE(NEW.payee_id, 0) <> COALESCE(d.payee_user_id, 0)": "An approval names whoever is paid.",
                "NEW.by_id = d.requested_by_id": "It is approved by another person than the one who asked for it.",
                "NEW.\"on\" < r.\"on\"": "An approval comes after the review (Bylaws Art. X).",
                "d.declined_on IS NOT NULL": "What was declined is not approved.",
            },
        ),
        (
            payment,
            OF_APPROVAL,
            {
                "NEW.amount <> d.amount": "What is paid is the amount that was approved (Bylaws Art. X).",
                "NEW.paid_on < a.\"on\"": "It is paid after it was approved (Bylaws Art. X).",
                "d.declined_on IS NOT NULL": "What was declined is not paid.",
            },
        ),
        (
            report,
            "FROM finance_disbursementpayment p WHERE p.id = NEW.payment_id",
            {
                "NEW.\"on\" < p.paid_on": "It is reported after it was paid (Bylaws Art. X).",
                "p.voided_on IS NOT NULL": "A void check is not reported as paid.",
            },
        ),
    ):  # fmt: skip
        for condition, because in conditions.items():
            triggers.refuse(model, "insert", f"EXISTS (SELECT 1 {rows} AND {condition})", because)
    changed = " OR ".join(
        f"COALESCE(OLD.{name}, {_blank(name)}) <> COALESCE(NEW.{name}, {_blank(name)})" for name in REVIEWED
    )
    triggers.refuse(
        models.Disbursement,
        "update",
        f"({changed}) AND EXISTS ({A_REVIEW})",
        "What was reviewed stays as it was reviewed (Bylaws Art. X).",
    )
    triggers.refuse(
        models.Disbursement,
        "update",
        f"OLD.voucher_id IS NOT NULL AND COALESCE(NEW.voucher_id, 0) <> OLD.voucher_id AND EXISTS ({A_REVIEW})",
        "The paper that was reviewed stays.",
    )
    triggers.refuse(
        models.Disbursement,
        "update",
        "OLD.declined_on IS NOT NULL AND COALESCE(NEW.declined_on, '1900-01-01') <> OLD.declined_on",
        "What was declined stays declined: ask anew.",
    )
    triggers.refuse(
        payment,
        "update",
        "OLD.voided_on IS NOT NULL AND COALESCE(NEW.voided_on, '1900-01-01') <> OLD.voided_on",
        "A void check stays void: write another one.",
    )
    triggers.refuse(
        models.Disbursement,
        "update",
        f"NEW.declined_on IS NOT NULL AND EXISTS ({PAID})",
        "What was paid is not declined: void the check first.",
    )


def _blank(name: str) -> str:
    return "''" if name in ("nature", "payee", "purpose") else "0"
