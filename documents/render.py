"""Laying out a document: the platform's Jinja templates over finished texts, printed to PDF/A-3 by WeasyPrint.

Run it in a job process that is recycled, never in a web process: fonts stay in memory (200 MB after 150 pages).
"""

import json
import re
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlencode

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.context import Context
from documents.sheet import Sheet, label, language_name, official_date

TEMPLATES = Path(__file__).parent / "templates"
ATTACHMENT = "data.json"
_VARIANT = re.compile(r"[^<>&;\s][\U000e0100-\U000e01ef]")
"""A kanji and the sign that chooses its shape (IVS): layout keeps the sign only where the first font has that shape."""


def render_pdf(ctx: Context, template: str, sheet: Sheet) -> bytes:
    """The PDF of `sheet` in the layout `template` (certificate, permit, letter), not yet sealed."""
    from documents.engine import to_pdf

    description = label(sheet, "reference").text + " " + sheet.reference
    return to_pdf(to_html(ctx, template, sheet), TEMPLATES, (ATTACHMENT, description, to_json(sheet)))


def to_html(ctx: Context, template: str, sheet: Sheet) -> str:
    """The HTML that becomes the PDF. Every text is escaped; none is ever compiled as a template."""
    address = verification_url(ctx, sheet.code)
    html = (
        _templates()
        .get_template(f"{template}.html")
        .render(
            sheet=sheet,
            label=partial(label, sheet),
            language_name=language_name,
            day=official_date,
            test=ctx.settings.seal_key is None,
            square=segno.make(address, error="m").svg_data_uri(border=0, scale=4, dark="#111"),
            address=f"{ctx.settings.base_url}/verify",
        )
    )
    head, body, rest = html.partition("<body")
    return head + body + _VARIANT.sub(r'<span class="variant">\g<0></span>', rest)


def to_json(sheet: Sheet) -> str:
    """The attachment: names and numbers exactly as they were typed, variation selectors kept."""
    return json.dumps(sheet.data, ensure_ascii=False, indent=1, sort_keys=True)


def verification_url(ctx: Context, code: str) -> str:
    """Where the square code on the document leads."""
    return f"{ctx.settings.base_url}/verify?{urlencode({'code': code})}"


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
