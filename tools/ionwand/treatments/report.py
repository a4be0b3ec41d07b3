"""One session on one HTML page: figures on top, three curves, what the words mean.

Everything is in the file (plots as SVG), so that it can be put into a client's file and opened
in twenty years. Words and figures are session_words.py's.
"""

from pathlib import Path
from typing import Any

import jinja2

from ionwand.treatments import blackbox_plot, session_words, texts
from ionwand.treatments.blackbox_read import Box

TEMPLATE = Path(__file__).with_name("report.html.j2")


def render(
    session: dict[str, Any],
    product: Any,
    *,
    box: Box | None = None,
    clinic: dict[str, Any] | None = None,
    language: str = "en",
    **more: Any,
) -> str:
    """The page. `product`, `more`: as session_words.fields has them; `clinic`: of clinic.py;
    `box`: what was seen around the fault that ended it; `language`: of texts.LANGUAGES."""
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    t = texts.translate(language)
    fields = session_words.fields(session, product, t=t, **more)
    drawn = blackbox_plot.drawn(box, "svg").decode() if box else ""
    box_svg = drawn[drawn.find("<svg") :]
    return template.render(clinic=clinic or {}, box=box_svg, t=t, language=language, **fields)
