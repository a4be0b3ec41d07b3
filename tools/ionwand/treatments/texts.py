"""Words of a report in the clinic's language, a file each: texts_de.toml and texts_fr.toml.

A key is the English text, so that no second name for it can drift. What has no entry stays as it
is: names, notes and numbers, these with a decimal comma. tests/tools/treatments/test_texts.py sees
to it that each language has every text and no other.
"""

import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "de", "fr")
Translate = Callable[[str], str]


@cache
def table(language: str) -> dict[str, str]:
    """English to that language; for English nothing."""
    if language == "en":
        return {}
    path = Path(__file__).with_name(f"texts_{language}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def translate(language: str) -> Translate:
    """The function that says a text in `language`."""
    words = table(language)
    if not words:
        return lambda text: text

    def say(text: str) -> str:
        return words[text] if text in words else re.sub(r"(?<=\d)\.(?=\d)", ",", text)

    return say
