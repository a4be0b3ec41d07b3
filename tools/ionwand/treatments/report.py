"""One session on one HTML page: figures on top, three curves, what the words mean.

Everything is in the file (plots as SVG), so that it can be put into a client's file and opened
in twenty years. Words and figures are session_words.py's.
"""

from pathlib import Path
from typing import Any

import jinja2

from ionwand.treatments import session_words

TEMPLATE = Path(__file__).with_name("report.html.j2")


def render(session: dict[str, Any], product: Any, **more: Any) -> str:
    """The page. `product`, `more`: as session_words.fields has them; `clinic`: of clinic.py."""
    clinic = more.pop("clinic", {})
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(clinic=clinic, **session_words.fields(session, product, **more))
