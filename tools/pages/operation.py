"""Writes the tables of docs/operation.md and its translations: python -m pages.operation"""

from pathlib import Path

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


def main() -> None:
    for language in texts.LANGUAGES:
        page(language).write_text(current(language), encoding="utf-8")


if __name__ == "__main__":
    main()
