"""What the host's procedures say to a person in the page, in German and French.

The lines are made here by the procedures themselves; the page takes them apart by its keys.
"""

import inspect
import json
import re
import shutil
import subprocess
from pathlib import Path

import desk
import pytest
from test_page_texts import OTHERS, asked, known

from ionwand import textfile
from ionwand.errors import BadInput
from ionwand.release import slots
from ionwand.treatments import blackbox_words, catalogue, texts
from ionwand.treatments.blackbox_read import Box, Row
from ionwand.virtual import TEXTS

SAY = Path(__file__).with_name("say.mjs")
ENGLISH = r"\b(the|is|are|must|may|it|with|carries|give|refused|needs|have|been|whole|use)\b"
GOOD = """
[[product]]
id = "quick"
name = "A quick gel"
acid_pka = [4.1, 11.8]
ph = 7.0
current_ua = 100
time_s = 100
dose_uc = 6000
notes = "Cool"
"""
FIXED = 'acid_pka = [4.1, 11.8]\nph = 7.0', "ion_charge = {}"
CHANGES = (  # of GOOD, each refused, or explained in words of its own
    ("[[product]]", "[[products]]"), ('id = "quick"', ""), ('"quick"', '"Quick"'),
    ('"quick"', '"patch-a"'), ("time_s = 100", "time_s = 100\nflags = 1"),
    ('"A quick gel"', '"A quick gel "'), ('"A quick gel"', '"' + "x" * 50 + '"'),
    ('"A quick gel"', '"Größe"'), ('"Cool"', '"a\\tb"'), ('"Cool"', '"' + "x" * 200 + '"'),
    ('"Cool"', '"Cool"\nafter_peel = 1'), ('"A quick gel"', '"A peel gel"'),
    ('"A quick gel"', '"Lidocaine gel"'), ('"A quick gel"', '"Aspirin gel"'),
    ('"A quick gel"', '"Bupivacaine gel"'), ('"A quick gel"', '"Argan gel"'),
    ('"A quick gel"', '"Tap water"'), ('"A quick gel"', '"Papain gel"'),
    ('"Cool"', '"Cool"\nmass_da = 50000'), ('"Cool"', '"Cool"\nmass_da = 1500'),
    ('"Cool"', '"Cool"\nmass_da = "x"'), ("current_ua = 100", ""), ("time_s = 100", ""),
    ("dose_uc = 6000", "dose_uc = 1.5"), ("current_ua = 100", "current_ua = 900"),
    ("current_ua = 100", "current_ua = 300\nafter_peel = true"), ("time_s = 100", "time_s = 1"),
    ("current_ua = 100\ntime_s = 100", "current_ua = 500\ntime_s = 900"),
    ("dose_uc = 6000", "dose_uc = 1"), ("dose_uc = 6000", "dose_uc = 70000"),
    ("dose_uc = 6000", "zone_s = 1.5"), ("dose_uc = 6000", "zone_s = 1"),
    ("[4.1, 11.8]", "[1, 2, 3, 4, 5, 6, 7, 8, 9]"), ("acid_pka = [4.1, 11.8]\n", ""),
    ("ph = 7.0", ""), ("ph = 7.0", "ph = 7.0\nion_charge = 1"), ("ph = 7.0", "ph = 4.0"),
    ("ph = 7.0", 'ph = 4.0\ninstead = "a phosphate"'), ("ph = 7.0", "ph = 3.0"),
    ("acid_pka = [4.1, 11.8]\nph = 7.0", "base_pka = [6.2]\nph = 7.0"),
    ("acid_pka = [4.1, 11.8]\nph = 7.0", "base_pka = [5.8]\nph = 7.0"),
    ("acid_pka = [4.1, 11.8]\nph = 7.0", 'acid_pka = [8.6]\nph = 8.5\ninstead = "a salt"'),
    ("acid_pka = [4.1, 11.8]\nph = 7.0", "base_pka = [9.2]\nph = 7.0"),
    ("acid_pka = [4.1, 11.8]\nph = 7.0", "acid_pka = [4.0]\nbase_pka = [9.0]\nph = 6.5"),
    (FIXED[0], FIXED[1].format("[]")), (FIXED[0], FIXED[1].format("[1, -1]")),
    (FIXED[0], FIXED[1].format("0")), (FIXED[0], FIXED[1].format("[1, 0]")),
    (FIXED[0], FIXED[1].format("0.2")), (FIXED[0], FIXED[1].format("1\nph = 7.0")),
    (FIXED[0], FIXED[1].format("1\nelectroosmosis = true")),
    (FIXED[0], FIXED[1].format("0\nelectroosmosis = true")),
    ('"A quick gel"', '"Quick hyaluronate"\nmass_da = 900000'), ('"Cool"', '"With salt"'),
)  # fmt: skip


def refusals_and_verdicts():
    """Of catalogues: what `products check` says, with the wand's own words in it."""
    yield from (one.words for one in catalogue.load(catalogue.DEFAULT))
    cases = [GOOD.replace(old, new, 1) for old, new in CHANGES]
    cases += ["product = [1]", "product = []", GOOD + GOOD]
    wrong = (("Niacinamide", "-1"), ("Ascorbyl phosphate", "2"),
             ("Ascorbyl phosphate", "0\nelectroosmosis = true"))  # fmt: skip
    for name, charge in wrong:
        text = GOOD.replace("A quick gel", name)
        cases.append(text.replace(FIXED[0], FIXED[1].format(charge)))
    for text in cases:
        try:
            yield from (one.words for one in catalogue.entries(textfile.toml(text)))
        except (BadInput, ValueError) as error:
            yield str(error)


def told(procedure, *answers):
    """What a procedure says, or how it fails, where a wand gives these answers."""
    left = list(answers)
    try:
        order = procedure.send(None)
        while True:
            if order[0] == "say" and order[1]:
                yield order[1]
            order = procedure.send(left.pop(0) if order[0] == "ask" and left else None)
    except StopIteration:
        pass
    except Exception as error:
        yield str(error)


class Build:
    version, id, name = "0.2.0", "ab12", "0.2.0 (ab12)"

    def everything(self):
        return {"a": b"xyz"}

    def digests(self):
        return {"a": "1"}


def of_the_firmware():
    """Of update, rollback and what is where."""
    old = ("0.1.0", "cd34")
    yield from told(slots.show(), ("a", old, None, None), None, None)
    yield from told(slots.show(), ("a", old, old, None), None, "b/x: damaged")
    yield from told(slots.update(Build(), desk.WHERE), ("a", ("0.2.0", "ab12"), None, None), None)
    yield from told(slots.update(Build(), desk.WHERE), ("a", old, None, None), None, [], {}, None)
    yield from told(slots.update(Build(), desk.WHERE), (None, None, None, None), [], None)
    yield from told(slots.update(Build(), desk.WHERE), ("a", old, None, None), None, [], {}, "bad")
    yield from told(slots.rollback(desk.WHERE), ("a", old, old, None), None)
    yield from told(slots.rollback(desk.WHERE), ("a", old, None, None))
    yield from told(slots.rollback(desk.WHERE), ("a", old, old, None), "b/x")
    source = Path(desk.__file__).read_text(encoding="utf-8")
    found = re.findall(r'BadInput\(\s*((?:"[^"]*"\s*)+)', source)
    for literals in found:
        text = "".join(re.findall(r'"([^"]*)"', literals))
        yield text.replace("%d.%d", "6.3")


def of_a_clinic():
    """What may not stand on its papers."""
    for table in ({"colour": 1}, {"name": 1}, {"lines": 1}, {"lines": ["x" * 99]},
                  {"logo": "a.gif"}, {"logo": "a.svg"}):  # fmt: skip
        yield from told(desk.Desk({}).clinic(table, {}))
    yield from told(desk.Desk({}).clinic({"logo": "a.svg"}, {"a.svg": 999_999}))


def of_a_black_box():
    """Of a fault: each part that is known to break like that, and what differed first."""
    rows = [Row(5 * n, "treating", n < 0, 0, 1, 100.0, 100, 100, 9000, 100.0, 2000, "")
            for n in range(-8, 8)]  # fmt: skip
    for names in ((), ("fast_a_ua",), ("fast_a_ua", "fast_b_ua"),
                  ("fast_a_ua", "fast_b_ua", "precise_a_ua")):  # fmt: skip
        high = dict.fromkeys(names, 200)
        yield from told_of([row._replace(**high) if row.t_ms >= -10 else row for row in rows])
    yield from told_of(rows, (900, 900, 9000))
    yield from told_of([row._replace(fresh=int(row.t_ms < -20)) for row in rows])
    yield from told_of([row._replace(gate=0) for row in rows])
    source = inspect.getsource(blackbox_words.fits) + inspect.getsource(blackbox_words._too_much)
    for part in re.findall(r'(?:return|if e2_mv.*else|slow else|near else) "([^"]+)"', source):
        yield f"this is how it looks with: {part}"
    for part in re.findall(r'else "([^"]+)"', source):
        if part.strip():
            yield f"this is how it looks with: {part}"
    yield "session 3 has no black box: the wand keeps the last eight"


def told_of(rows, trip=(0, 0, 0)):
    box = Box(1, 1, "x", "over_current", "over_current", 1000, rows, trip)
    return blackbox_words.told(box).split("\n")


@pytest.mark.req("R-07")
@pytest.mark.parametrize("language", OTHERS)
def test_the_hosts_lines_are_said_whole(language):
    if shutil.which("node") is None:
        pytest.skip("Node is missing: the page's script is not tried")
    said = *refusals_and_verdicts(), *of_the_firmware(), *of_a_clinic(), *of_a_black_box()
    lines = sorted(set(said))
    table = known(language)
    keys = sorted(set(texts.table(language, TEXTS)) - asked())
    given = {"language": language, "table": table, "keys": keys, "lines": lines}
    done = subprocess.run(
        ["node", str(SAY)], input=json.dumps(given), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    left = [(one, other) for one, other in zip(lines, answer["said"])
            if re.search(ENGLISH, other) and language != "en"]  # fmt: skip
    assert left == [] and answer["idle"] == []
