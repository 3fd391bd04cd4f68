"""Importing as a person does it: upload, read the preview, confirm."""

from __future__ import annotations

import csv
import io
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from membership import models
from nipas_admin.accounts.models import User

RECORDS = [
    models.AgreementVersion, models.Agency, models.Official, models.Approval, models.ApprovalDate, models.Execution,
    models.Participation, models.SpecializedTeam, models.TeamParticipation, models.InsuranceCertificate,
]  # fmt: skip


def administrator(client):
    """The client, signed in as a superuser."""
    client.force_login(User.objects.create_superuser("registrar", password="a long enough word"))
    return client


def page_of(model, page):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


def upload(client, model, data, name="table.csv"):
    """The answer to an upload; ``data`` is text or bytes."""
    data = data.encode() if isinstance(data, str) else data
    return client.post(page_of(model, "import"), {"import_file": SimpleUploadedFile(name, data)})


def confirm(client, model, answer):
    """The list after confirming the preview; nothing to confirm fails."""
    token = re.search(r'name="token" value="([^"]+)"', answer.content.decode())
    assert token, problems_of(answer)
    return client.post(page_of(model, "process_import"), {"token": token[1]}, follow=True)


def bring_in(client, model, data, name="table.csv"):
    return confirm(client, model, upload(client, model, data, name))


def problems_of(answer):
    """What the page says is wrong, as ``Row 3, column: words``."""
    outcome = answer.context["outcome"]
    if outcome is None:
        return [str(message) for messages in answer.context["form"].errors.values() for message in messages]
    return [str(problem) for problem in outcome.problems]


def export(client, model, kind="csv", **filters):
    """The bytes that the list exports."""
    answer = client.get(page_of(model, "export"), {"format": kind, **filters})
    assert answer.status_code == 200
    return answer.content


def rows_of(data):
    """The rows of an exported CSV file."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def table(headings, *rows):
    """A CSV file."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings.split(","))
    writer.writerows(rows)
    return text.getvalue()


def snapshot():
    """Everything the register of membership holds, without the numbers of its rows."""
    return {model.__name__: sorted(map(_said, model.objects.all())) for model in RECORDS}


def _said(row):
    said = {}
    for field in row._meta.concrete_fields:
        if not field.primary_key:
            value = getattr(row, field.name)
            said[field.name] = str(value) if field.is_relation else value
    for field in row._meta.many_to_many:
        said[field.name] = sorted(map(str, getattr(row, field.name).all()))
    return str(sorted(said.items()))
