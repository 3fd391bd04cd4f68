"""The base of every record: history on each row, nothing deleted, nothing changed behind history's back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from django.conf import settings
from django.core.exceptions import FieldError, PermissionDenied
from django.db import models, transaction
from simple_history.models import HistoricalRecords

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

Row = TypeVar("Row", bound="Record")

BATCH = 500


class LeavesNoHistory(TypeError):
    """A way of writing that history would not see; the message names the door to use instead."""


class RecordQuerySet(models.QuerySet[Row]):
    """A queryset without back doors: what would leave no history is refused, and each refusal names its door."""

    def update(self, **values: Any) -> NoReturn:
        """Always raises LeavesNoHistory."""
        raise LeavesNoHistory("update() leaves no history. Use update_with_history(reason=…, field=value).")

    def delete(self) -> NoReturn:
        """Always raises LeavesNoHistory."""
        raise LeavesNoHistory("Records are not deleted: they end, are voided or reversed.")

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Always raises LeavesNoHistory."""
        raise LeavesNoHistory("bulk_create() leaves no history. Use bulk_create_with_history(rows, reason=…).")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Always raises LeavesNoHistory."""
        raise LeavesNoHistory("bulk_update() leaves no history. Use bulk_update_with_history(rows, fields, reason=…).")

    def update_with_history(self, reason: str = "", **values: Any) -> int:
        """Set the same values on every row here, one history entry each. Returns how many rows.

        The caller has checked the values: like ``update()``, this validates nothing.
        """
        with transaction.atomic(using=self.db):
            rows = list(self.select_for_update(of=("self",)))
            for row in rows:
                for name, value in values.items():
                    setattr(row, name, value)
            return self.bulk_update_with_history(rows, list(values), reason)

    def bulk_create_with_history(self, rows: Iterable[Row], reason: str = "") -> list[Row]:
        """Insert the rows and their history in one transaction. Returns them with their keys; validates nothing."""
        with transaction.atomic(using=self.db):
            created = super().bulk_create(rows, batch_size=BATCH)
            self._history.bulk_history_create(created, batch_size=BATCH, default_change_reason=reason)
        return created

    def bulk_update_with_history(
        self,
        rows: Iterable[Row],
        fields: Sequence[str],
        reason: str = "",
    ) -> int:
        """Write these fields of the rows, and their history, in one transaction. Returns how many.

        Validates nothing.
        """
        changed = list(rows)
        with transaction.atomic(using=self.db):
            if self._history.model._history_m2m_fields:
                # Only a row's own save() copies its many-to-many rows into history.
                for row in changed:
                    row._change_reason = reason
                    row.save(update_fields=fields)
            else:
                models.QuerySet[Row, Row](self.model, using=self.db).bulk_update(changed, fields, batch_size=BATCH)
                self._history.bulk_history_create(changed, batch_size=BATCH, update=True, default_change_reason=reason)
        return len(changed)

    @property
    def _history(self) -> Any:
        return self.model.history


class History(HistoricalRecords):
    """What every record keeps of itself: each state, who wrote it, when and why, with no way around it.

    Beyond the library's own: every many-to-many field is kept too, a reason may be as long as it needs,
    a user who wrote anything cannot be deleted, and nothing can be saved unseen.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(inherit=True, history_change_reason_field=models.TextField(default="", null=True), **options)

    def add_extra_methods(self, cls: type[models.Model]) -> None:
        """No ``save_without_historical_record``."""

    def get_m2m_fields_from_model(self, model: type[models.Model]) -> list[models.ManyToManyField[Any, Any]]:
        """All of them, without being told."""
        return list(model._meta.local_many_to_many)

    def _get_history_user_fields(self) -> dict[str, models.Field[Any, Any]]:
        user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
        return {"history_user": user}

    def post_save(self, instance: Record, created: bool, **kwargs: Any) -> None:
        """Keep the row as saved, whatever flag the instance carries."""
        vars(instance).pop("skip_history_when_saving", None)
        super().post_save(instance, created, **kwargs)

    def m2m_changed(self, instance: Record, action: str, attr: str, pk_set: Any, reverse: bool, **kwargs: Any) -> None:
        """Keep the row with its new links. Raises LeavesNoHistory when they are changed from the far side."""
        if reverse:
            raise LeavesNoHistory(
                f"Change “{attr}” on the record that owns it; from the far side it leaves no history."
            )
        super().m2m_changed(instance, action, attr, pk_set, reverse, **kwargs)


class Record(models.Model):
    """A row that keeps what it said before. Ended, voided or reversed; never deleted."""

    history = History()
    objects = RecordQuerySet.as_manager()

    latest_version: int  # as an inline's queryset annotates it
    _change_reason: str
    _history_user: AbstractBaseUser | AnonymousUser | None

    class Meta:
        abstract = True
        # Related managers write through the base manager: it must be as strict as the default one.
        base_manager_name = "objects"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Always raises LeavesNoHistory; see ``delete_as``."""
        raise LeavesNoHistory("Records are not deleted: they end, are voided or reversed.")

    def delete_as(self, user: AbstractBaseUser | AnonymousUser) -> None:
        """Delete the row and keep in history that this superuser did. Raises PermissionDenied for anyone else.

        Raises ProtectedError while other records point to the row.
        """
        if not (user.is_active and getattr(user, "is_superuser", False)):
            raise PermissionDenied("Only a superuser may delete a record; everyone else ends, voids or reverses it.")
        self._history_user = user
        super().delete()

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """As Django does, but a related row at hand, which came from the database, is not looked up again."""
        at_hand = {
            field.name
            for field in self._meta.concrete_fields
            if isinstance(field, models.ForeignKey)
            and not field.get_limit_choices_to()
            and field.is_cached(self)
            and getattr(field.get_cached_value(self), "pk", None) is not None
        }
        super().clean_fields({*(exclude or ()), *at_hand})

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """As Django does, but all check constraints are asked in one query; one by one only where one fails."""
        self._checks_hold = _checks_hold(self, exclude)
        try:
            super().validate_constraints(exclude)
        finally:
            del self._checks_hold

    def get_constraints(self) -> list[tuple[type[models.Model], Sequence[models.BaseConstraint]]]:
        """Those to validate one by one: without the check constraints while all of them are known to hold."""
        found = super().get_constraints()
        if not getattr(self, "_checks_hold", False):
            return found
        return [(model, [one for one in held if not isinstance(one, models.CheckConstraint)]) for model, held in found]

    @property
    def version(self) -> int | None:
        """The number of the row's latest history entry; None before it is first saved."""
        if self.pk is None:
            return None
        if "latest_version" in vars(self):
            return int(self.latest_version)
        entries = type(self).history.filter(**{self._meta.pk.attname: self.pk}).order_by("-history_id")
        latest: int | None = entries.values_list("history_id", flat=True).first()
        return latest


def _checks_hold(record: Record, exclude: Collection[str] | None) -> bool:
    """Do all check constraints of the record's own table surely hold, asked at once?"""
    checks = [one.condition for one in record._meta.constraints if isinstance(one, models.CheckConstraint)]
    if len(checks) < 2:
        return False
    fields = [field for field in record._meta.concrete_fields if field.name not in (exclude or ())]
    against = {field.name: models.Value(getattr(record, field.attname), field) for field in fields}
    try:
        return models.Q(*checks).check(against)
    except FieldError:  # a condition on a field that is left out, because its value is no value
        return False


def saved(record: Row, *, reason: str = "", by: Any = None) -> Row:
    """The record, checked whole and then written with its history. Raises ValidationError, and writes nothing then.

    ``reason`` and ``by`` say in its history why and by whom, where no page is open that tells.
    """
    if reason:
        record._change_reason = reason
    if by is not None:
        record._history_user = by
    record.full_clean()
    record.save()
    return record
