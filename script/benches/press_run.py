"""The yearly run of 105 invoices: as one PDF against WeasyPrint alone, and as 105 files against a plain loop."""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from typing import Any

from django.template import engines

from documents import pdf
from documents.body import body
from script.benches.press import fetcher
from script.benches.ratio import Ratio, seconds

INVOICES = 105
DAY = date(2026, 5, 1)
LINES = (
    ("Annual dues", "B VII.1", "$1,250.00"),
    ("Emergency Services Team", "B VII.2", "$4,310.50"),
    ("Mobile Field Force", "B VII.2", "$815.25"),
    ("Carried over", "", "$0.00"),
)
INVOICE = """{% extends "pdf/letterhead.html" %}
{% block content %}
  <p class="dateline">{{ sheet.as_on|date:"j F Y" }}</p>
  <p class="addressee">Chief of Police<br>{{ agency }}<br>100 Main Street<br>{{ town }}, IL 60000</p>
  <h1>{{ sheet.title }}</h1>
  <p class="subtitle">For the fiscal year from 1 May 2026 through 30 April 2027</p>
  <dl class="facts">
    <dt>Invoice number</dt><dd>{{ sheet.reference }}</dd><dt>Due</dt><dd>31 May 2026</dd>
    <dt>Agency</dt><dd>{{ agency }}</dd>
  </dl>
  <table>
    <caption>What is due</caption>
    <thead>
      <tr><th scope="col">For</th><th scope="col">Rests on</th><th scope="col" class="number">Amount</th></tr>
    </thead>
    <tbody>{% for what, clause, amount in lines %}
      <tr><th scope="row">{{ what }}</th><td class="citation">{{ clause }}</td><td class="number">{{ amount }}</td></tr>
    {% endfor %}</tbody>
    <tfoot><tr><td>Total due</td><td></td><td class="number">$6,375.75</td></tr></tfoot>
  </table>
  <p>Make the check payable to {{ body.name }} and write the number of this invoice on it.</p>
  <div class="closing"><p class="note">The Treasurer</p></div>
{% endblock %}"""


@cache
def invoices() -> list[str]:
    """The HTML of every invoice."""
    template = engines["django"].from_string(INVOICE)
    return [
        template.render(
            {
                "body": body(),
                "sheet": pdf.Sheet(f"Invoice to Village {n}", DAY, f"P-{n:06}", "Payable on receipt"),
                "agency": f"Village {n} Police Department",
                "town": f"Town {n}",
                "lines": LINES,
            }
        )
        for n in range(1, INVOICES + 1)
    ]


def options() -> dict[str, Any]:
    """Our fonts and stylesheets, read as WeasyPrint reads them, and what makes a paper archivable and tagged."""
    import weasyprint

    fonts = weasyprint.text.fonts.FontConfiguration()
    sheets = [
        weasyprint.CSS(url=f"static:{name}", url_fetcher=fetcher(), font_config=fonts) for name in pdf.STYLESHEETS
    ]
    return {"stylesheets": sheets, "font_config": fonts, "pdf_variant": "pdf/a-3u", "pdf_tags": True}


def naive_loop() -> list[bytes]:
    """A file for each, everything read anew for each."""
    import weasyprint

    return [weasyprint.HTML(string=html, url_fetcher=fetcher()).write_pdf(**options()) for html in invoices()]


def weasyprint_alone() -> bytes:
    """One PDF of all pages as WeasyPrint's documentation tells, fonts and stylesheets read once."""
    import weasyprint

    kept = options()
    papers = [weasyprint.HTML(string=html, url_fetcher=fetcher()).render(**kept) for html in invoices()]
    whole = papers[0].copy(page for paper in papers for page in paper.pages)
    return whole.write_pdf(pdf_variant="pdf/a-3u", pdf_tags=True)  # type: ignore[no-any-return]


def bound() -> bytes:
    """One PDF of all, ours."""
    binding = pdf.Binding("Invoices")
    for html in invoices():
        binding.add(html)
    return binding.pdf()


def measure() -> list[Ratio]:
    """Both ratios, each from the better of two runs taken in turn.

    The first run of files also readies the process that helpers come from, as the first of every worker does: about
    0.7 s more. The second finds it, as every later one does.
    """
    pdf.print_html(invoices()[0])
    ones = [(seconds(bound), seconds(weasyprint_alone)) for _round in range(2)]
    each = [(seconds(lambda: list(pdf.print_each(invoices()))), seconds(naive_loop)) for _round in range(2)]
    one, alone = (min(column) for column in zip(*ones, strict=True))
    files, naive = (min(column) for column in zip(*each, strict=True))
    return [
        Ratio(f"{INVOICES} invoices as one PDF, against WeasyPrint alone", one / alone, 1.2, f"{one:.1f} s"),
        Ratio(
            f"{INVOICES} invoices as files on {len(os.sched_getaffinity(0))} processors, times a plain loop",
            naive / files, 5, f"{files:.1f} s against {naive:.1f} s", at_least=True,
        ),
    ]  # fmt: skip
