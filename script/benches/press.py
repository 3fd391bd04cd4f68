"""The agreement as PDF against WeasyPrint alone on the same HTML, and a hundred of them on both processors."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from documents import pdf
from documents.letters import kind_of, print_letter
from membership.models import Agency
from script.benches.ratio import Ratio, compare, seconds
from script.benches.register import DAY, fill

PAPERS = 100


@cache
def fetcher() -> Any:
    """What finds our fonts and stylesheets, made once for both."""
    return pdf._fetcher()


def weasyprint_alone(html: str) -> bytes:
    """WeasyPrint as anyone would call it for the same archivable, tagged paper."""
    import weasyprint

    fonts = weasyprint.text.fonts.FontConfiguration()
    sheets = [
        weasyprint.CSS(url=f"static:{name}", url_fetcher=fetcher(), font_config=fonts) for name in pdf.STYLESHEETS
    ]
    document = weasyprint.HTML(string=html, url_fetcher=fetcher())
    return document.write_pdf(stylesheets=sheets, font_config=fonts, pdf_variant="pdf/a-3u", pdf_tags=True)  # type: ignore[no-any-return]


def measure() -> list[Ratio]:
    """Both ratios."""
    fill()
    agency = Agency.objects.order_by("pk").first()
    agreement = kind_of("membership.agreement")
    order = agreement.order(agreement.build(agency, DAY))
    html = pdf.html_of(order.template, order.filled())
    mine, alone, ratio = compare(lambda: print_letter(agreement, agency, DAY), lambda: weasyprint_alone(html), rounds=5)
    papers = [(order.template, order.filled())] * PAPERS
    one_by_one = seconds(lambda: list(pdf.render_many(papers, processes=1)))
    together = seconds(lambda: list(pdf.render_many(papers)))
    return [
        Ratio("agreement PDF against WeasyPrint alone", ratio, 1.2, f"{mine:.2f} s against {alone:.2f} s"),
        Ratio(
            f"{PAPERS} agreements on {len(os.sched_getaffinity(0))} processors, times faster",
            one_by_one / together, 1.7,
            f"{one_by_one:.1f} s one after another, {together:.1f} s together", at_least=True,
        ),
    ]  # fmt: skip
