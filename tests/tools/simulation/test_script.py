"""Scripts: what is accepted, and one clear line for everything that isn't."""

import math
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ionwand.device import source
from ionwand.errors import BadInput
from ionwand.simulation import script

HEAD = 'duration_s = 30\nexpect_end = "complete"\n'
PRODUCTS = ", ".join(source.products())
ENDS = ", ".join(source.ends())
FAULTS = ", ".join(source.faults())
SKINS = "hydrated, dry, very_dry, peeled, drawn:SEED, resistor:OHMS"
KINDS = "press_s, touch, lift, grip, motion, fault, clear, vbus, battery_mv"


def event(line):
    return HEAD + "[[event]]\nat_s = 2.0\n" + line


BAD = {
    "not TOML": ("product = ", "not TOML: Invalid value (at end of document)"),
    "unknown key": (
        HEAD + "speed = 2",
        "key 'speed' is unknown: allowed are product, skin, motion, new, duration_s, expect_end, "
        "event",
    ),
    "no duration": ('expect_end = "complete"', "duration_s is missing"),
    "no end": ("duration_s = 30", "expect_end is missing"),
    "duration text": (
        'duration_s = "30"\nexpect_end = "complete"',
        "duration_s: got '30', expected a number 0.01 to 3600",
    ),
    "duration zero": (
        'duration_s = 0\nexpect_end = "complete"',
        "duration_s: got 0, expected a number 0.01 to 3600",
    ),
    "duration true": (
        'duration_s = true\nexpect_end = "complete"',
        "duration_s: got True, expected a number 0.01 to 3600",
    ),
    "duration nan": (
        'duration_s = nan\nexpect_end = "complete"',
        "duration_s: got nan, expected a number 0.01 to 3600",
    ),
    "duration inf": (
        'duration_s = inf\nexpect_end = "complete"',
        "duration_s: got inf, expected a number 0.01 to 3600",
    ),
    "unknown end": (
        'duration_s = 30\nexpect_end = "fine"',
        f"expect_end: 'fine' is unknown: allowed are {ENDS}",
    ),
    "end no text": (
        "duration_s = 30\nexpect_end = 3",
        f"expect_end: got 3, expected one of {ENDS}",
    ),
    "unknown product": (
        HEAD + 'product = "snake-oil"',
        f"product: 'snake-oil' is unknown: allowed are {PRODUCTS}",
    ),
    "unknown skin": (
        HEAD + 'skin = "wet"',
        f"skin: 'wet' is unknown: allowed are {SKINS}",
    ),
    "resistor text": (
        HEAD + 'skin = "resistor:much"',
        "skin: got 'resistor:much', expected resistor:OHMS with 1 to 100000000",
    ),
    "resistor nan": (
        HEAD + 'skin = "resistor:nan"',
        "skin: got 'resistor:nan', expected resistor:OHMS with 1 to 100000000",
    ),
    "resistor negative": (
        HEAD + 'skin = "resistor:-5"',
        "skin: got 'resistor:-5', expected resistor:OHMS with 1 to 100000000",
    ),
    "drawn text": (
        HEAD + 'skin = "drawn:me"',
        "skin: got 'drawn:me', expected drawn:SEED with 0 to 999999999",
    ),
    "drawn too far": (
        HEAD + 'skin = "drawn:1234567890"',
        "skin: got 'drawn:1234567890', expected drawn:SEED with 0 to 999999999",
    ),
    "event grip": (
        HEAD + '[[event]]\nat_s = 1\ngrip = "wet"',
        "event 1: grip: 'wet' is unknown: allowed are firm, dry, loose, off",
    ),
    "event no table": (HEAD + "event = 3", "event: got 3, expected [[event]] tables"),
    "event one table": (
        HEAD + "event = {at_s = 1}",
        "event: got {'at_s': 1}, expected [[event]] tables",
    ),
    "event of numbers": (HEAD + "event = [1]", "event: got [1], expected [[event]] tables"),
    "event without time": (HEAD + "[[event]]\nlift = true", "event 1: at_s is missing"),
    "event too late": (
        HEAD + "[[event]]\nat_s = 31\nlift = true",
        "event 1: at_s: got 31, expected a number 0 to 30",
    ),
    "event negative": (
        HEAD + "[[event]]\nat_s = -1\nlift = true",
        "event 1: at_s: got -1, expected a number 0 to 30",
    ),
    "event does nothing": (
        event(""),
        f"event 1: got nothing beside at_s, expected one of {KINDS}",
    ),
    "event does two": (
        event("lift = true\npress_s = 1"),
        f"event 1: got lift and press_s beside at_s, expected one of {KINDS}",
    ),
    "event unknown key": (
        event("shout = true"),
        f"event 1: key 'shout' is unknown: allowed are at_s, {KINDS}",
    ),
    "press text": (
        event('press_s = "long"'),
        "event 1: press_s: got 'long', expected a number above 0 up to 3600",
    ),
    "press negative": (
        event("press_s = -0.1"),
        "event 1: press_s: got -0.1, expected a number above 0 up to 3600",
    ),
    "touch unknown": (
        event('touch = "glove"'),
        f"event 1: touch: 'glove' is unknown: allowed are {SKINS}",
    ),
    "touch true": (event("touch = true"), f"event 1: touch: got True, expected one of {SKINS}"),
    "lift false": (event("lift = false"), "event 1: lift: got False, expected true"),
    "lift one": (event("lift = 1"), "event 1: lift: got 1, expected true"),
    "fault unknown": (
        event('fault = "gremlin"'),
        f"event 1: fault: 'gremlin' is unknown: allowed are {FAULTS}",
    ),
    "fault list": (
        event('fault = ["i2c_hang"]'),
        f"event 1: fault: got ['i2c_hang'], expected one of {FAULTS}",
    ),
    "clear unknown": (
        event('clear = ""'),
        f"event 1: clear: '' is unknown: allowed are {FAULTS}",
    ),
    "vbus number": (event("vbus = 1"), "event 1: vbus: got 1, expected true or false"),
    "battery float": (
        event("battery_mv = 3300.5"),
        "event 1: battery_mv: got 3300.5, expected a whole number 0 to 6000",
    ),
    "battery true": (
        event("battery_mv = true"),
        "event 1: battery_mv: got True, expected a whole number 0 to 6000",
    ),
    "battery huge": (
        event("battery_mv = 6001"),
        "event 1: battery_mv: got 6001, expected a whole number 0 to 6000",
    ),
    "line break": (HEAD + '"a\\nb" = 1', "key 'a\\nb' is unknown: allowed are product, skin,"
                                          " motion, new, duration_s, expect_end, event"),
}  # fmt: skip


@pytest.mark.req("R-07")
@pytest.mark.parametrize("name", BAD)
def test_bad_script_gives_its_line(name):
    text, line = BAD[name]
    with pytest.raises(BadInput) as caught:
        script.parse(text)
    assert str(caught.value) == line


def test_every_event_and_every_skin_is_read():
    session = script.parse(
        'product = "magnesium"\nskin = "dry"\nduration_s = 30.5\nexpect_end = "i2c"\n'
        "[[event]]\nat_s = 9\nlift = true\n"
        "[[event]]\nat_s = 2\npress_s = 0.1\n"
        '[[event]]\nat_s = 3\ntouch = "resistor:2000"\n'
        '[[event]]\nat_s = 4\nfault = "i2c_hang"\n'
        '[[event]]\nat_s = 5\nclear = "i2c_hang"\n'
        "[[event]]\nat_s = 6\nvbus = false\n"
        "[[event]]\nat_s = 7\nbattery_mv = 3300\n"
    )
    assert session.job() == {
        "product": "magnesium",
        "skin": "dry",
        "duration_s": 30.5,
        "expect_end": "i2c",
        "events": [
            {"at_s": 2.0, "press_s": 0.1},
            {"at_s": 3.0, "touch": "resistor:2000"},
            {"at_s": 4.0, "fault": "i2c_hang"},
            {"at_s": 5.0, "clear": "i2c_hang"},
            {"at_s": 6.0, "vbus": False},
            {"at_s": 7.0, "battery_mv": 3300},
            {"at_s": 9.0, "lift": True},
        ],
    }


def test_another_skin_takes_the_place_of_the_scripts_own():
    session = script.parse(
        HEAD + 'skin = "dry"\n'
        '[[event]]\nat_s = 1\ntouch = "dry"\n'
        '[[event]]\nat_s = 2\ntouch = "peeled"\n'
    ).with_skin("very_dry")
    assert session.skin == "very_dry"
    assert [entry.value for entry in session.events] == ["very_dry", "peeled"]


def test_another_product():
    assert script.parse(HEAD).with_product("magnesium").product == "magnesium"
    with pytest.raises(BadInput, match="^--product: 'x' is unknown: allowed are vitamin-c"):
        script.parse(HEAD).with_product("x")


@pytest.mark.parametrize("path", sorted(source.SCENARIOS.glob("*.toml")), ids=lambda p: p.stem)
def test_shipped_scenarios_are_accepted(path):
    assert script.load(path).expect_end


def test_a_scenario_for_each_trip():
    """Of the long list (hal/sim/breaking.py) tools/proof/fault_table.py plays all."""
    from hal.sim import faults

    played = {
        entry.value
        for path in source.SCENARIOS.glob("*.toml")
        for entry in script.load(path).events
        if entry.kind == "fault"
    }
    assert played >= set(faults.NAMES)
    assert played <= set(source.faults())


def test_names_are_the_simulated_boards():
    from hal.sim import faults, skin

    assert set(source.faults()) == set(faults.ALL)
    for name in (*script.SKINS, "drawn:0", "drawn:999999999"):
        assert skin.make_skin(name).name == name
        assert script.Script(1.0, "complete").with_skin(name).skin == name


def test_unreadable_files(tmp_path):
    with pytest.raises(BadInput, match="none.toml: cannot be read: No such file or directory$"):
        script.load(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"product = '\xff'")
    with pytest.raises(BadInput, match="latin.toml: cannot be read: not UTF-8 text: byte 0xff"):
        script.load(tmp_path / "latin.toml")


_VALUE = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-(2**64), 2**64),
        st.floats(),
        st.text(max_size=30),
        st.sampled_from(["hydrated", "resistor:1e400", "resistor:", "rset_short", "vitamin-c"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=4,
)
_NAME = st.one_of(
    st.sampled_from(["product", "skin", "duration_s", "expect_end", "event", "at_s", "press_s",
                     "touch", "lift", "grip", "fault", "clear", "vbus",
                     "battery_mv"]),
    st.text(max_size=8),
)  # fmt: skip
_EVENTS = st.lists(st.dictionaries(_NAME, _VALUE, max_size=3), max_size=3)


def toml(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(char):08x}" for char in value) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, dict):
        pairs = ", ".join(f"{toml(key)} = {toml(item)}" for key, item in value.items())
        return "{" + pairs + "}"
    return repr(value)


def one_line_or_good(text):
    try:
        session = script.parse(text)
    except BadInput as error:
        line = str(error)
        assert line and line.isprintable() and len(line) < 1000
        return
    assert 0 < session.duration_s <= script.LONGEST_S
    assert session.product in source.products()
    for entry in session.events:
        assert 0 <= entry.at_s <= session.duration_s and math.isfinite(entry.at_s)
        assert entry.kind in KINDS.split(", ")


@pytest.mark.req("R-07")
@given(st.dictionaries(_NAME, _VALUE, max_size=5), _EVENTS)
def test_hostile_toml(table, events):
    table = {"duration_s": 30, "expect_end": "complete", "event": events, **table}
    lines = "\n".join(f"{toml(key)} = {toml(value)}" for key, value in table.items())
    try:
        tomllib.loads(lines)
    except tomllib.TOMLDecodeError:
        pass  # a lone surrogate: refused by the reader, and that must be one line too
    one_line_or_good(lines)


@pytest.mark.req("R-07")
@given(st.text(max_size=200))
def test_hostile_text(text):
    one_line_or_good(text)


@pytest.mark.req("R-07")
@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 5000, "duration_s = " + "9" * 5000, "a = {b = " * 2000, "x" * 100_000],
    ids=["nested lists", "many digits", "nested tables", "long"],
)
def test_hostile_size(text):
    one_line_or_good(text)
