"""Money: amounts as people type them, as they are shown, in whole cents, and split without a remainder."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import ExpressionWrapper, F, Sum
from hypothesis import given
from hypothesis import strategies as st

from finance.models import Rate
from nipas_admin.shared import money
from nipas_admin.shared.fields import DollarsField, DollarsFormField

READ = {
    "dollars": ("12", "12.00"),
    "dollars and cents": ("1234.50", "1234.50"),
    "one decimal": ("1234.5", "1234.50"),
    "a point and nothing after it": ("5.", "5.00"),
    "cents only": (".05", "0.05"),
    "a comma between thousands is not ambiguous in dollars": ("1,000.00", "1000.00"),
    "commas between all thousands": ("1,234,567.89", "1234567.89"),
    "a dollar sign": ("$1,234.50", "1234.50"),
    "a dollar sign and a space": ("$ 20", "20.00"),
    "spaces around it": ("  20.00 ", "20.00"),
    "zero, which a field may refuse": ("0", "0.00"),
    "a cent": ("0.01", "0.01"),
    "the most": ("9,999,999,999.99", "9999999999.99"),
    "leading zeros": ("007", "7.00"),
}


@pytest.mark.parametrize(("text", "amount"), READ.values(), ids=READ)
def test_an_amount_is_read(text, amount):
    found = money.read(text)
    assert found == Decimal(amount)
    assert found.as_tuple().exponent == -2


NO_AMOUNT = "is not an amount in dollars and cents"
REFUSED = {
    "blank": ("", "Give an amount"),
    "spaces": ("   ", "Give an amount"),
    "below zero": ("-5.00", "is below zero"),
    "below zero with a proper minus": ("−5.00", "is below zero"),
    "below zero as accountants write it": ("(5.00)", "is below zero"),
    "below zero after the dollar sign": ("$-5.00", NO_AMOUNT),
    "a sign alone": ("-", NO_AMOUNT),
    "a plus": ("+5.00", NO_AMOUNT),
    "not a number": ("NaN", NO_AMOUNT),
    "infinity": ("Infinity", NO_AMOUNT),
    "an exponent": ("1e5", NO_AMOUNT),
    "an exponent in capitals": ("1E5", NO_AMOUNT),
    "a comma as the decimal point": ("1,00", NO_AMOUNT),
    "a comma after nought": ("0,123", NO_AMOUNT),
    "a European amount": ("1.000,00", NO_AMOUNT),
    "commas in the wrong places": ("10,00,000", NO_AMOUNT),
    "a comma first": (",500", NO_AMOUNT),
    "a space between thousands": ("1 000", NO_AMOUNT),
    "an underscore, which Python takes": ("1_000", NO_AMOUNT),
    "two points": ("1.2.3", NO_AMOUNT),
    "a point alone": (".", NO_AMOUNT),
    "a dollar sign alone": ("$", NO_AMOUNT),
    "full-width digits": ("１２３", NO_AMOUNT),
    "Arabic digits": ("١٢٣", NO_AMOUNT),
    "hexadecimal": ("0x1F", NO_AMOUNT),
    "a fraction": ("½", NO_AMOUNT),
    "words": ("twenty", NO_AMOUNT),
    "another currency": ("€20", NO_AMOUNT),
    "three decimals": ("1.005", "more than two decimals"),
    "three decimals, the last one nought": ("1.000", "more than two decimals"),
    "a cent more than the most": ("10,000,000,000.00", "is more than $9,999,999,999.99"),
    "huge": ("9" * 40, "is more than $9,999,999,999.99"),
    "longer than any amount": ("9" * 5000, "is too long"),
    "a line break inside": ("1\n2", NO_AMOUNT),
}


@pytest.mark.parametrize(("text", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_amount_is_refused_in_words(text, why):
    with pytest.raises(ValueError, match=r".") as refusal:
        money.read(text)
    assert why in str(refusal.value)
    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        pytest.param("-420.00", "-420.00", id="a minus"),
        pytest.param("- $420", "-420.00", id="a minus before the dollar sign"),
        pytest.param("−420.00", "-420.00", id="a proper minus"),
        pytest.param("(1,420.00)", "-1420.00", id="brackets"),
        pytest.param("420.00", "420.00", id="above zero"),
        pytest.param("-0.00", "0.00", id="nothing"),
    ],
)
def test_an_amount_below_zero_is_read_where_it_is_asked_for(text, amount):
    assert money.read(text, below_zero=True) == Decimal(amount)


@pytest.mark.parametrize("text", ["--5", "(-5)", "(5", "-1e5", "-"])
def test_a_sign_changes_nothing_of_what_is_an_amount(text):
    with pytest.raises(ValueError, match=r"amount|below zero"):
        money.read(text, below_zero=True)


@given(st.text(max_size=12))
def test_whatever_is_typed_is_an_amount_or_is_refused(text):
    try:
        amount = money.read(text)
    except ValueError:
        return
    assert 0 <= amount <= money.MOST
    assert text.isascii()


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Decimal("1234.5"), "$1,234.50"),
        (Decimal("0.00"), "$0.00"),
        (Decimal("-0.00"), "$0.00"),
        (Decimal("0.05"), "$0.05"),
        (Decimal("-20"), "−$20.00"),
        (Decimal("-1234567.89"), "−$1,234,567.89"),
        (money.MOST, "$9,999,999,999.99"),
        (None, ""),
    ],
)
def test_an_amount_is_shown_as_people_write_it(amount, shown):
    assert money.shown(amount) == shown


WHOLE_CENTS = {
    "dollars": (12, 1200),
    "dollars and cents": (Decimal("12.34"), 1234),
    "below zero": (Decimal("-0.01"), -1),
    "zeros behind the cents": (Decimal("12.34000"), 1234),
    "nothing": (Decimal(0), 0),
    "more than any amount": (10**30, 10**32),
}


@pytest.mark.parametrize(("amount", "cents"), WHOLE_CENTS.values(), ids=WHOLE_CENTS)
def test_an_amount_in_cents(amount, cents):
    assert money.to_cents(amount) == cents
    if cents < 10**18:
        assert money.of_cents(cents) == amount


NOT_CENTS = {
    "half a cent": Decimal("0.005"),
    "far behind the point": Decimal("0.0100000000000000000000000000000000001"),
    "not a number": Decimal("NaN"),
    "a signaling one": Decimal("sNaN"),
    "infinity": Decimal("Infinity"),
    "a binary fraction, though it looks whole": 0.5,
    "text": "12.34",
    "true": True,
}


@pytest.mark.parametrize("amount", NOT_CENTS.values(), ids=NOT_CENTS)
def test_what_is_not_whole_cents_is_refused(amount):
    with pytest.raises(ValueError, match="is not a whole number of cents"):
        money.to_cents(amount)


def test_cents_have_two_places():
    assert [str(money.of_cents(cents)) for cents in (0, 5, 100, -1)] == ["0.00", "0.05", "1.00", "-0.01"]
    assert str(money.total([])) == "0.00"
    assert money.total([Decimal("0.10"), Decimal("0.20")]) == Decimal("0.30")


SPLITS = {
    "in halves": ("10.00", [1, 1], ["5.00", "5.00"]),
    "in halves, a cent over": ("10.01", [1, 1], ["5.01", "5.00"]),
    "in thirds": ("10000.00", [1, 1, 1], ["3333.34", "3333.33", "3333.33"]),
    "in thirds, two cents over": ("10000.01", [1, 1, 1], ["3333.34", "3333.34", "3333.33"]),
    "by weight": ("100.00", [3, 1], ["75.00", "25.00"]),
    "the spare cent goes to the largest remainder": ("1.00", [1, 2, 3], ["0.17", "0.33", "0.50"]),
    "not to the first": ("0.05", [1, 3, 3], ["0.01", "0.02", "0.02"]),
    "of no weight, nothing": ("0.02", [0, 1, 0, 1, 1], ["0.00", "0.01", "0.00", "0.01", "0.00"]),
    "a cent among three": ("0.01", [1, 1, 1], ["0.01", "0.00", "0.00"]),
    "nothing": ("0.00", [1, 2], ["0.00", "0.00"]),
    "to one": ("7.77", [5], ["7.77"]),
}


@pytest.mark.parametrize(("amount", "weights", "parts"), SPLITS.values(), ids=SPLITS)
def test_an_amount_is_split(amount, weights, parts):
    assert money.split(Decimal(amount), weights) == [Decimal(part) for part in parts]


@pytest.mark.parametrize(
    ("amount", "weights"),
    [("1.00", []), ("1.00", [0, 0]), ("1.00", [2, -1]), ("-0.01", [1]), ("0.005", [1])],
    ids=["among none", "by no weight", "by a weight below zero", "below zero", "half a cent"],
)
def test_what_cannot_be_split_is_refused(amount, weights):
    with pytest.raises(ValueError, match=r"split|whole number of cents"):
        money.split(Decimal(amount), weights)


@given(st.integers(0, 10**12), st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any))
def test_parts_sum_exactly_and_those_of_equal_weight_differ_by_a_cent_at_most(cents, weights):
    parts = money.split(money.of_cents(cents), weights)
    assert money.total(parts) == money.of_cents(cents)
    for weight in set(weights):
        alike = [part for part, of in zip(parts, weights, strict=True) if of == weight]
        assert max(alike) - min(alike) <= money.CENT
        assert weight or max(alike) == 0


@pytest.mark.parametrize(
    ("part", "share"),
    [(0, "0.00"), (1, "8.33"), (2, "16.67"), (6, "50.00"), (11, "91.67"), (12, "100.00")],
)
def test_a_share_is_so_many_parts_of_the_whole(part, share):
    assert money.share(Decimal("100.00"), part, 12) == Decimal(share)
    assert money.share(Decimal("100.00"), part, 12) + money.share(Decimal("100.00"), 12 - part, 12) == 100


def test_half_a_cent_is_rounded_up():
    assert money.share(Decimal("0.01"), 1, 2) == Decimal("0.01")


@pytest.mark.parametrize(("part", "whole"), [(-1, 12), (13, 12), (0, 0), (1, 0)])
def test_less_than_none_and_more_than_all_is_no_share(part, whole):
    with pytest.raises(ValueError, match="Only an amount"):
        money.share(Decimal("100.00"), part, whole)


# --- In forms and records. --------------------------------------------------------------------------------------------


class Asked(forms.Form):
    """A form that asks for money."""

    amount = DollarsFormField()
    fee = DollarsFormField(required=False, least=money.ZERO)


@pytest.mark.parametrize(("typed", "amount"), [("$1,234.50", "1234.50"), ("0.01", "0.01"), (" 20 ", "20.00")], ids=str)
def test_a_form_takes_an_amount(typed, amount):
    form = Asked({"amount": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"amount": Decimal(amount), "fee": None}


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        *(pytest.param(text, why, id=name) for name, (text, why) in REFUSED.items() if text.strip()),
        pytest.param("0", "Give an amount of at least $0.01.", id="zero"),
        pytest.param("", "This field is required.", id="left blank"),
    ],
)
def test_a_form_refuses_what_is_no_amount_in_words(typed, why):
    form = Asked({"amount": typed})
    assert why in form.errors["amount"][0]


def test_a_form_takes_nothing_where_zero_may_be_asked_for():
    form = Asked({"amount": "1", "fee": "0.00"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["fee"] == 0


def test_a_form_shows_an_amount_as_it_is_typed():
    form = Asked(initial={"amount": Decimal("1234.5")})
    assert 'value="1234.50"' in str(form["amount"])
    assert 'inputmode="decimal"' in str(form["amount"])
    assert not Asked({"amount": "$1,234.50"}, initial={"amount": Decimal("1234.5")}).has_changed()
    assert 'value="twenty"' in str(Asked({"amount": "twenty"})["amount"])


FIELD = DollarsField()
SIGNED = DollarsField(least=-money.MOST)


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        pytest.param(FIELD, Decimal("0.00"), "at least $0.01", id="zero"),
        pytest.param(FIELD, Decimal("-5.00"), "at least $0.01", id="below zero"),
        pytest.param(FIELD, "-5.00", "is below zero", id="below zero as text"),
        pytest.param(FIELD, Decimal("0.005"), "whole number of cents", id="half a cent"),
        pytest.param(FIELD, Decimal("NaN"), "whole number of cents", id="not a number"),
        pytest.param(FIELD, 0.5, "whole number of cents", id="a binary fraction"),
        pytest.param(FIELD, object(), "whole number of cents", id="something else"),
        pytest.param(FIELD, "1e5", NO_AMOUNT, id="an exponent"),
        pytest.param(FIELD, Decimal("1e10"), "is more than $9,999,999,999.99", id="huge"),
        pytest.param(FIELD, None, "cannot be null", id="nothing"),
        pytest.param(SIGNED, Decimal("-1e10"), "at least −$9,999,999,999.99", id="hugely below zero"),
    ],
)
def test_a_record_refuses_what_is_no_amount_in_words(field, value, why):
    with pytest.raises(ValidationError) as refusal:
        field.clean(value, None)
    assert why in refusal.value.messages[0]


@pytest.mark.parametrize(
    ("field", "value", "amount"),
    [
        (FIELD, "$1,234.50", "1234.50"),
        (FIELD, 12, "12.00"),
        (FIELD, Decimal("0.01"), "0.01"),
        (SIGNED, "-420.00", "-420.00"),
        (SIGNED, "0", "0.00"),
    ],
)
def test_a_record_takes_an_amount(field, value, amount):
    assert field.clean(value, None) == Decimal(amount)
    assert field.get_prep_value(value) == money.to_cents(Decimal(amount))
    assert field.formfield().clean(str(value)) == Decimal(amount)


def test_a_record_stores_cents_and_finds_by_dollars(db):
    for amount in ("0.10", "0.20", "99.70"):
        Rate(charge="annual", amount=Decimal(amount), from_on=date(2026, 5, 1), source="Test").save()
    rates = Rate.objects.filter(source="Test").order_by("amount")
    assert [str(amount) for amount in rates.values_list("amount", flat=True)] == ["0.10", "0.20", "99.70"]
    assert rates.aggregate(sum=Sum("amount"))["sum"] == Decimal("100.00")
    assert rates.filter(amount=Decimal("0.20")).count() == rates.filter(amount="$0.20").count() == 1
    assert rates.filter(amount__gte=Decimal("0.20")).count() == 2
    assert rates.filter(amount__in=[Decimal("0.10"), Decimal("99.70")]).count() == 2
    left = ExpressionWrapper(F("amount") - F("amount") - F("amount"), DollarsField())
    assert [str(rate.left) for rate in rates.annotate(left=left)] == ["-0.10", "-0.20", "-99.70"]


def test_a_sum_of_nothing_is_nothing(db):
    assert Rate.objects.none().aggregate(sum=Sum("amount"))["sum"] is None


def test_a_record_is_written_out_with_its_cents():
    rate = Rate(amount=Decimal("12.50"))
    field = Rate._meta.get_field("amount")
    assert field.value_to_string(rate) == "12.50"
    assert field.value_to_string(Rate(amount=None)) == ""
    assert field.deconstruct()[1] == "nipas_admin.shared.fields.DollarsField"
