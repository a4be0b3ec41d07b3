"""Words of a report in the clinic's language, a file each: texts_de.toml and texts_fr.toml.

A key is the English text, so that no second name for it can drift. What has no entry stays as it
is: names, notes and numbers, these with a decimal comma. tests/tools/treatments/test_texts.py sees
to it that each language has every text and no other.
"""

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from ionwand.treatments import session_words

LANGUAGES = ("en", "de", "fr")
Translate = Callable[[str], str]
HERE = Path(__file__).parent


@cache
def table(language: str, folder: Path = HERE) -> dict[str, str]:
    """English to that language, of a room that has such files; for English nothing."""
    if language == "en":
        return {}
    path = folder / f"texts_{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def translate(language: str) -> Translate:
    """The function that says a text in `language`."""
    return session_words.saying(table(language))
