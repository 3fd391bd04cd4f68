"""The tables that ``manage.py load_example`` imports beside membership's own: each room above registers its own.

``register(rates="finance.resources.RateResource")`` in ``AppConfig.ready()``; a resource is imported only when used.
"""

from __future__ import annotations

from django.utils.module_loading import import_string

from nipas_admin.shared.resources import RecordResource

_tables: dict[str, str] = {}


def register(**resources: str) -> None:
    """Add tables by the names of their files, with _ for the hyphen; each resource by its dotted path."""
    _tables.update({name.replace("_", "-"): path for name, path in resources.items()})


def names() -> list[str]:
    """What the files of the rooms above are called, in the order registered."""
    return list(_tables)


def resource_of(name: str) -> type[RecordResource]:
    """The resource of a table that is registered. Raises KeyError for any other."""
    found: type[RecordResource] = import_string(_tables[name])
    return found
