"""The page in other languages: each has every text, and no other; warnings have been read back."""

import re
from html.parser import HTMLParser

import pytest
from wand_on_page import GUARD_ROWS

from firmware import patterns
from ionwand.device import light, told
from ionwand.device.fault_words import FAULTS
from ionwand.treatments import kept, texts
from ionwand.virtual import TEXTS, bundle
from pages import operation

OTHERS = [language for language in texts.LANGUAGES if language != "en"]
UNITS = r"mA·min|µA|kΩ"
_STRING = r'"((?:[^"\\]|\\.)*)"'
_SHOWN = r"\b(?:t|say|text|work|product|fill)\((?:[\w.]+, )?"
_VOID = {"meta", "link", "input", "br"}


class Page(HTMLParser):
    """Texts of the page's HTML, as page/texts.js takes them."""

    def __init__(self, text):
        super().__init__(convert_charrefs=False)
        self.found = set()
        self._open = []  # (element, its markup since data-whole)
        self._whole = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        silent = names.get("translate") == "no" or tag in ("style", "script", "textarea")
        silent = silent or any(quiet for _, quiet in self._open)
        if not silent:
            self.found |= {names[name] for name in ("aria-label", "title") if names.get(name)}
        if self._whole is not None:
            self._whole += self.get_starttag_text()
        elif "data-whole" in names:
            self._whole = ""
            self._depth = len(self._open)
        if tag not in _VOID and not self.get_starttag_text().endswith("/>"):
            self._open.append((tag, silent))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        self._open.pop()
        if self._whole is None:
            return
        if len(self._open) == self._depth:
            self.found.add(" ".join(self._whole.split()))
            self._whole = None
        else:
            self._whole += f"</{tag}>"

    def handle_data(self, data):
        if self._whole is not None:
            self._whole += data
        elif not any(quiet for _, quiet in self._open):
            self.found.add(" ".join(data.split()))


def code(name):
    return (bundle.PAGE / name).read_text(encoding="utf-8")


def scripts():
    return {name: code(f"{name}.js") for name in bundle._SCRIPTS if name != "texts"}


def in_scripts():
    """Texts that the page's scripts show: of t("..."), and all of a line with put(...)."""
    found = set()
    for text in scripts().values():
        found |= set(re.findall(_SHOWN + _STRING, text))
        for line in text.splitlines():
            if re.search(r"\bput\(", line):
                found |= set(re.findall(_STRING, re.sub(r'(get\(|\[)"[^"]*"', "", line)))
    tables = code("words.js").split("return {")[0]
    found |= {one for one in re.findall(_STRING, tables) if not re.match(r"M[\d.]+ [\dv]", one)}
    found |= set(re.findall(_STRING, code("tour.js").split("const BY_HAND")[0].split("STEPS")[1]))
    # The skins' short names and looks stand in tables of their own.
    found |= set(re.findall(r'text: "([^"]+)"', code("scene.js")))
    return found


def rows_of_a_status():
    """Names, and what is said in words rather than figures."""
    found = {"calibrated": True, "calibration": (), "output": True, "faults": (), "vbus": True,
             "first_fault": "", "battery_mv": 0, "products": 1, "sessions": (1, 1),
             "free_heap": 0, "board": "", "firmware": "", "micropython": "", "files": "",
             "state": ""}  # fmt: skip
    other = {**found, "calibrated": False, "output": False, "vbus": False, "files": "a"}
    for one in (found, other):
        for name, value in told.rows(one):
            yield name
            if name in ("files", "output", "faults", "charger or PC", "calibration"):
                yield value


def asked():
    """Every text of the page that wants a word in another language."""
    found = Page(code("index.html")).found | Page(code("cable.html")).found
    found |= Page(re.search(r"`\n(<svg.*?)`;", code("scene.js"), re.S)[1]).found
    found |= in_scripts()
    found |= {row[1] for row in patterns.ROWS} | {entry[2] for entry in patterns.REFUSALS}
    found |= {text for pair in FAULTS.values() for text in pair if text}
    found |= set(kept.PRECAUTIONS) | set(rows_of_a_status()) | {row[0] for row in GUARD_ROWS}
    light.table(lambda text: found.add(text) or text)  # of docs/operation.md
    return {
        one for one in found if re.search(r"[^\W\d_]{2}", one) and not re.fullmatch(UNITS, one)
    }


def known(language):
    """The report's words serve the page as well."""
    return {**texts.table(language), **texts.table(language, TEXTS)}


@pytest.mark.req("F-10")
@pytest.mark.parametrize("language", OTHERS)
def test_each_language_has_every_text_and_no_other(language):
    wanted = asked()
    own = texts.table(language, TEXTS)
    assert wanted - set(known(language)) == set()
    others = {other for other in OTHERS if set(texts.table(other, TEXTS)) != set(own)}
    assert others == set(), "what is not asked for here is the host's: test_host_lines.py"
    assert set(own) & set(texts.table(language)) == set(), "said twice"
    assert all(value.strip() == value and value for value in own.values())


@pytest.mark.req("F-10", "F-11")
def test_french_marks_stand_on_the_line_of_their_word():
    """No line begins with `:` or `%`: the space before is one that does not break."""
    loose = re.compile(r" [:;!?%»](?=\s|$|[.,*])|« |\d (?:µA|kΩ|s|ms|min)\b")
    told = known("fr").values()
    text = operation.page("fr").read_text(encoding="utf-8")
    prose = re.sub(r"^ {4,}ionwand.*$|^\|.*#[0-9A-F]{6}.*$|`[^`]*`", "", text, flags=re.M)
    assert [one for one in [*told, *prose.splitlines()] if loose.search(one)] == []
