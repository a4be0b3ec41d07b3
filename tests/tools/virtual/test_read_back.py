"""Warnings, refusals and faults in other languages, read back into English: read_back.toml.

That file has, for each such text, what the translation says, put into English by somebody who
looked at the translation alone. A translation that is changed has to be read back anew.
"""

import re
import tomllib
from pathlib import Path

import pytest
from test_page_texts import OTHERS, code, known

from firmware import patterns
from ionwand.device.fault_words import FAULTS
from ionwand.treatments import kept, session_words
from pages import operation

SHEET = Path(__file__).with_name("read_back.toml")
_STRING = r'"((?:[^"\\]|\\.)*)"'
# What must be in both or in neither: what to do, to which part, and whether at all.
CONCEPTS = {
    "no": r"\b(no|not|never|nobody|nothing|none|without|off|unless|except|free|cannot|disagrees?|"
          r"wrong|wrongly|badly|fail\w*|from the skin)\b",
    "skin": r"\bskin", "roller": r"\broller\b", "grip": r"\bgrip", "charger": r"\bcharger",
    "battery": r"\bbattery", "button": r"\bbutton|\bhold\b|\bpress",
    "current": r"\bcurrent|meter|measure|\breads ", "lift": r"\blift|take the roller",
    "wait": r"\b(wait|rest|pause)", "service": r"\b(service|technician|doctor)",
    "test": r"test|proof|proves|proving", "limit": r"\blimit|time-out",
    "wipe": r"\bwip|\bclean", "number": r"\d+",
}  # fmt: skip


def grave():
    """English of every text on whose meaning somebody's safety hangs."""
    found = {text for pair in FAULTS.values() for text in pair if text}
    found |= {entry[2] for entry in patterns.REFUSALS} | set(kept.PRECAUTIONS)
    found |= set(session_words.ENDED.values()) | {session_words.LIMITED, session_words.SERVICE}
    grave_rows = r"low|sign than|lift|paused|this product|before its"
    found |= {row[1] for row in patterns.ROWS if re.search(grave_rows, row[1])}
    ends = code("words.js").split("const ENDS = {")[1].split("};")[0]
    hints = code("readout.js").split("function explain(")[1].split("// True where")[0]
    hints = [text for text in re.findall(r"\bt\(" + _STRING, hints) if "script" not in text]
    return found | set(re.findall(_STRING, ends)) | {text for text in hints if " " in text}


def warnings(language):
    """The paragraphs of who and where not, of a page on operation."""
    text = operation.page(language).read_text(encoding="utf-8")
    part = re.split(r"^## ", text, flags=re.M)[1].split("\n", 1)[1]
    return [" ".join(one.removeprefix("- ").split()) for one in re.split(r"\n(?=- )|\n\n", part)
            if one.strip()]  # fmt: skip


def pairs(language):
    """(English, translation) of all of them."""
    words = known(language)
    return [(text, words[text]) for text in sorted(grave())] + list(
        zip(warnings("en"), warnings(language), strict=True)
    )


@pytest.mark.req("F-10")
@pytest.mark.parametrize("language", OTHERS)
def test_every_grave_text_has_been_read_back(language):
    sheet = tomllib.loads(SHEET.read_text(encoding="utf-8"))[language]
    wanted = dict.fromkeys(other for _, other in pairs(language))
    assert set(wanted) - set(sheet) == set() and set(sheet) - set(wanted) == set()


@pytest.mark.req("F-10")
@pytest.mark.parametrize("language", OTHERS)
def test_what_was_read_back_orders_and_forbids_the_same(language):
    sheet = tomllib.loads(SHEET.read_text(encoding="utf-8"))[language]
    lost = []
    for english, other in pairs(language):
        back = sheet[other]
        for concept, pattern in CONCEPTS.items():
            one, two = (re.findall(pattern, text.lower()) for text in (english, back))
            if one != two if concept == "number" else bool(one) != bool(two):
                lost.append(f"{concept}: {english!r} came back as {back!r}")
    assert lost == []
