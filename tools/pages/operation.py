"""Writes the tables of docs/operation.md and its translations, and from each a card to print.

    python -m pages.operation
"""

import re
from pathlib import Path

from markdown_it import MarkdownIt

from ionwand.device import light, source
from ionwand.treatments import texts
from ionwand.virtual import TEXTS


def page(language: str) -> Path:
    """Of a language; English has no name of its own."""
    return source.ROOT / "docs" / f"operation{'' if language == 'en' else '.' + language}.md"


def current(language: str) -> str:
    """The page with its generated part as it must be."""
    words = {**texts.table(language), **texts.table(language, TEXTS)}
    text = page(language).read_text(encoding="utf-8")
    return light.current(text, lambda english: words.get(english, english))


CARD = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
  body {{ font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif; color: #1d2430; background: #fff;
         max-width: 44rem; margin: 2rem auto; padding: 0 1.5rem; }}
  h1 {{ font-size: 1.5rem; border-bottom: 2px solid; padding-bottom: .4rem; }}
  h2 {{ font-size: 1rem; margin: 1.4rem 0 .3rem; }}
  ol {{ font-size: 1.15rem; padding-left: 1.6rem; }} ol li {{ margin: .45rem 0; }}
  ul {{ padding-left: 1.2rem; }} ul li {{ margin: .15rem 0; }}
  li p {{ margin: 0; }}
  @media print {{ @page {{ size: A4; margin: 14mm 16mm; }}
    body {{ margin: 0; padding: 0; max-width: none; font-size: 12px; line-height: 1.35; }} }}
</style>
</head>
<body>
<h1>{title}</h1>
{steps}<h2>{who}</h2>
{warnings}</body>
</html>
"""


def card(language: str) -> Path:
    """The sheet of a language, beside its page."""
    return page(language).with_name(page(language).stem.replace("operation", "card") + ".html")


def sheet(language: str) -> str:
    """The quick start and whom not to treat, of the page as it stands."""
    text = page(language).read_text(encoding="utf-8")
    parts = re.split(r"^## (.*)\n", text, flags=re.M)
    _, who, warnings, title, steps = parts[:5]
    steps = steps[steps.index("1. ") :]  # without the way to this sheet
    html = MarkdownIt().render
    return CARD.format(language=language, title=title, steps=html(steps), who=who,
                       warnings=html(warnings))  # fmt: skip


def main() -> None:
    for language in texts.LANGUAGES:
        page(language).write_text(current(language), encoding="utf-8")
        card(language).write_text(sheet(language), encoding="utf-8")


if __name__ == "__main__":
    main()
