"""docs/operation.md in other languages: as it is in English, line for line of its structure."""

import re
from itertools import zip_longest

import pytest

from ionwand.treatments import texts
from ionwand.virtual import TEXTS
from pages import operation

OTHERS = [language for language in texts.LANGUAGES if language != "en"]
NUMBER = r"\d+(?:[.,]\d+)?"


KINDS = (
    ("heading", r"#+ "), ("row", r"\|"), ("bullet", r"- "), ("item", r"\d+\. "),
    ("code", r"    "), ("mark", r"<!--"), ("gap", r"$"), ("", ""),
)  # fmt: skip


def blocks(language):
    """(kind, text): headings, rows of tables, items of lists, lines of code, paragraphs."""
    found = []
    for line in operation.page(language).read_text(encoding="utf-8").splitlines():
        kind = next(kind for kind, start in KINDS if re.match(start, line))
        if kind == "heading":
            kind += str(len(line.split()[0]))
        if kind == "row":
            kind += str(line.count("|"))
        if kind:
            found.append([kind, line])
        elif found[-1][0] in ("gap", "code", "heading1", "heading2", "heading3"):
            found.append(["paragraph", line])
        else:
            found[-1][1] += " " + line.strip()
    return [(kind, text) for kind, text in found if kind != "gap"]


def weight(text):
    """What no translation changes: numbers, emphasis, links, keys."""
    plain = re.sub(r"`[^`]*`|\(#[^)]*\)|<[^>]*>|https?://\S+", "", text)
    numbers = sorted(one.replace(",", ".") for one in re.findall(NUMBER, plain))
    keys = re.findall(r"<kbd>.*?</kbd>", text)
    return numbers, text.count("**"), text.count("]("), keys


def spans(text, words):
    """Commands as they are, and what the page calls its buttons in another language."""
    found = [" ".join(one.split()) for one in re.findall(r"`([^`]*)`", text)]
    return sorted(words.get(one, one) for one in found)


@pytest.mark.parametrize("language", OTHERS)
def test_headings_tables_and_lists_are_complete(language):
    ours, theirs = blocks("en"), blocks(language)
    words = {**texts.table(language), **texts.table(language, TEXTS)}
    for one, other in zip_longest(ours, theirs, fillvalue=("", "")):
        assert one[0] == other[0], f"{one[1]!r} and {other[1]!r}"
        if one[0] == "code":
            assert one[1] == other[1]
        elif one[0] != "mark" and not one[1].startswith("English"):
            assert weight(one[1]) == weight(other[1]), other[1]
            assert spans(one[1], words) == spans(other[1], {}), other[1]


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_link_leads_somewhere(language):
    page = operation.page(language)
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    anchors = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}
    for target in re.findall(r"\]\(([^)]*)\)", text):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        else:
            assert (page.parent / target.split("#")[0]).is_file(), target


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_generated_parts_are_current(language):
    text = operation.page(language).read_text(encoding="utf-8")
    assert operation.current(language) == text, "run: python -m pages.operation"
    sheet = operation.card(language).read_text(encoding="utf-8")
    assert operation.sheet(language) == sheet, "run: python -m pages.operation"
    assert sheet.count("<li>") == 8 + 10 and "<h2>" in sheet and "|" not in sheet
