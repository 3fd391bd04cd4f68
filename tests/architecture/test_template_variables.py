"""The guard on template variables bites in our templates and lets others' be."""

from __future__ import annotations

import django
import pytest
from django.template import Context, Origin, Template, engines

from tests.template_variables import OURS, UnknownTemplateVariableError

OUR_TEMPLATE = OURS / "membership" / "templates" / "membership" / "agency.html"
DJANGOS_TEMPLATE = f"{django.__path__[0]}/contrib/admin/templates/admin/base.html"


def rendered(source: str, origin: object, **context: object) -> str:
    """The template's text, as if it stood in the file ``origin``."""
    engine = engines["django"].engine  # type: ignore[attr-defined]
    return Template(source, origin=Origin(str(origin)), engine=engine).render(Context(context))


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("{{ agncy }}", id="a slip in a name"),
        pytest.param("{{ agency.nmae }}", id="a slip in an attribute"),
        pytest.param("{{ agncy|default:'none' }}", id="a default does not excuse a slip"),
        pytest.param("{% with name=agncy %}{{ name }}{% endwith %}", id="a slip in a tag"),
        pytest.param("{% url 'admin:index' as home %}{{ agncy|upper }}", id="a slip under a filter"),
    ],
)
def test_an_unknown_variable_in_our_template_is_an_error(source: str) -> None:
    with pytest.raises(UnknownTemplateVariableError, match=r"membership/agency\.html uses"):
        rendered(source, OUR_TEMPLATE, agency={"name": "Elmwood"})


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("{{ agency.name }}", "Elmwood", id="a known variable"),
        pytest.param("{{ nothing|default:'unknown' }}", "unknown", id="a default for what is there and empty"),
        pytest.param("{% if agncy %}yes{% else %}no{% endif %}", "no", id="a question whether it is there"),
    ],
)
def test_what_is_given_or_asked_for_passes(source: str, text: str) -> None:
    assert rendered(source, OUR_TEMPLATE, agency={"name": "Elmwood"}, nothing=None) == text


@pytest.mark.parametrize(("source", "text"), [("{{ agncy }}", ""), ("{{ agncy|default:'none' }}", "none")])
def test_templates_of_others_are_left_as_they_are(source: str, text: str) -> None:
    assert rendered(source, DJANGOS_TEMPLATE) == text
