"""Reports in other languages: each has every text, and no other; words are text, figures stay."""

import re
import tomllib
from pathlib import Path

import pytest
from test_report import session

from firmware import faults, journal
from ionwand.treatments import report, session_words, texts

OTHERS = [language for language in texts.LANGUAGES if language != "en"]


def asked(monkeypatch):
    """Every text that any report asks for, numbers and units left out."""
    found = set()
    figure = r"(anion, |cation, )?[\d.,:+− –]*( ?(µA|kΩ|V|e|min)[, ]*[\d.]*( V)?)?"

    def note(text):
        if not re.fullmatch(figure, text):
            found.add(text)
        return text

    monkeypatch.setattr(texts, "translate", lambda language: note)
    kinds = [{"end": end, "flags": flags, "target_uc": uc, "bridge": bridge, "ion_charge": charge,
              "lifts": lifts, "series": series}
             for end in journal.ENDS if end not in ("", "fault")
             for flags, uc, bridge, charge, lifts, series in (
                 (15, 0, 1, -100, 1, []), (0, 1000, 2, 100, 2, [(250, 249, 31_000)] * 9),
                 (0, 0, 0, 0, 0, []), (0, 0, 0, journal.CHARGE_UNKNOWN, 0, []))]  # fmt: skip
    kinds += [{"end": "fault", "first_fault": 1 << bit} for bit in range(len(faults.NAMES))]
    for kind in kinds:
        for board, made in (("", ""), ("e661", "2026-01-01")):
            report.render(session(**kind), None, board=board, made=made)
    session_words.words("fault: another", t=note)
    template = report.TEMPLATE.read_text(encoding="utf-8")
    return found | set(re.findall(r't\("([^"]+)"\)', template))


@pytest.mark.req("F-11")
@pytest.mark.parametrize("language", OTHERS)
def test_each_language_has_every_text_and_no_other(monkeypatch, language):
    words = texts.table(language)
    wanted = asked(monkeypatch)
    assert wanted - set(words) == set() and set(words) - wanted == set()
    assert all(value.strip() == value and value for value in words.values())


@pytest.mark.parametrize("language", OTHERS)
def test_what_must_not_be_lost_in_it(language):
    """Numbers, and the names of parts: what a translation may not change."""
    for english, other in texts.table(language).items():
        assert re.findall(r"\d+", english) == re.findall(r"\d+", other), english
        for name in ("M2", "K1", "mA·min", "µA", "kΩ"):
            assert (name in english) == (name in other), english
        assert english.count(" ") < 3 or english.endswith(".") == other.endswith("."), english


def test_no_two_lines_of_a_file_are_one_key():
    for language in OTHERS:
        text = Path(texts.__file__).with_name(f"texts_{language}.toml").read_text()
        assert len(tomllib.loads(text)) == len(re.findall(r'^"', text, re.M))


@pytest.mark.req("F-11")
def test_a_german_report():
    product = type("P", (), {"name": "Lifts 1.5", "notes": "set"})
    text = report.render(session(), product, language="de", reference="of", board="e661")
    assert '<html lang="de">' in text and "Dosis (mA·min)" in text and "1,25" in text
    assert "Lifts 1.5" in text and "· set" in text, "names and notes are nobody's to translate"
    assert "Die eingestellte Menge wurde ganz abgegeben." in text
    assert "M62.0 " in text and not re.search(r' d="[^"]*,', text), "coordinates keep their point"
    failed = report.render(session(end="fault", first_fault=faults.VBUS), None, language="de")
    assert "Fehler: vbus" in failed and "Ladegerät wurde während einer Sitzung" in failed
