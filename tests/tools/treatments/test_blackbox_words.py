"""A black box in words: every fault of the scenarios is named by its part, and nothing else is."""

import sys
from pathlib import Path

import pytest

from firmware import blackbox
from hal.sim.parts import Parts
from ionwand.treatments import blackbox_words
from ionwand.treatments.blackbox_read import Box, Row, decoded

sys.path.append(str(Path(__file__).parents[2] / "firmware"))

from whole_wand import HOLD, TOUCH, Wand  # noqa: E402

# How a part breaks, as tools/scenarios/ has it, and the words that must be in what is printed.
PARTS = {
    "divider_open": ("setpoint's divider",),
    "dac_full_scale": ("DAC, at full scale",),
    "dac:reset": ("DAC: it gives less",),
    "rset_short": ("R_SET, shorted",),
    "rset_open": ("R_SET, open",),
    "rb_short": ("R_B, shorted",),
    "m1_short": ("M1, shorted",),
    "dummy_welded": ("dummy's switch", "e2 +"),
    "bridge_stuck_closed": ("bridge, closed", "e2 +"),
    "i2c_hang": ("I²C bus", "no frame"),
    "adc_stuck": ("readings stand still",),
}


def box_of(fault, at_s=12.0):
    """That of a wand whose part breaks in the middle of a treatment; its end after that."""
    wand = Wand(HOLD, TOUCH, {"at_s": at_s, "fault": fault}, {"at_s": 13.0, "press_s": 0.1})
    wand.until("fault", within_s=20)
    until_s = wand.now_s + 20  # a converter that says current flows is waited for
    while not blackbox.sequences(wand.board.read) and wand.now_s < until_s:
        wand.run(0.5)
    (number,) = blackbox.sequences(wand.board.read)
    return decoded(number, blackbox.load(wand.board.read, number))


@pytest.mark.req("F-11")
@pytest.mark.parametrize("fault", PARTS)
def test_the_part_can_be_named_from_its_black_box(fault):
    said = blackbox_words.told(box_of(fault))
    for words in PARTS[fault]:
        assert words in said
    others = [words[0] for name, words in PARTS.items() if name != fault]
    assert not [one for one in others if one in said]


@pytest.mark.req("F-11")
@pytest.mark.parametrize("at_s", [12.0026, 12.0039, 12.0078])
@pytest.mark.parametrize("fault", ["rset_open", "rb_short"])
def test_a_row_of_after_it_broke_is_not_what_was_before(fault, at_s):
    assert PARTS[fault][0] in blackbox_words.told(box_of(fault, at_s))


def box(rows, trip=(0, 0, 0), faults="over_current"):
    """`rows`: (t_ms, gate, fresh, set, A, B, e2 in mV, precise A, load in mV)."""
    seen = [Row(t, "treating" if gate else "fault", gate, 0, fresh, set_ua, a, b, e2, precise,
                load, "") for t, gate, fresh, set_ua, a, b, e2, precise, load in rows]  # fmt: skip
    return Box(1, 1, "x", faults.split(", ")[0], faults, 1000, seen, trip)


CALM = [(-5 * n, 1, 1, 100.0, 100, 100, 26_000, 100.0, 2000) for n in range(8, 0, -1)]
OFF = [(5 * n, 0, 1, 0.0, 0, 0, 0, 0.0, 0) for n in range(8)]
SOME = [(*row[:3], 220.0, 220, 220, 22_000, 220.0, 3000) for row in CALM]
HIGH = [(*row[:3], 300.0, 300, 300, 22_000, 300.0, 3000) for row in CALM]


@pytest.mark.req("F-11")
@pytest.mark.parametrize(
    ("rows", "trip", "faults", "part"),
    [
        # As the emulated chip has seen them, at 100 µA: sense B ends at 661 µA.
        (CALM, (0, 661, 23_634), "over_current, comparator", "R_SET, shorted"),
        (CALM, (602, 381, 25_532), "over_current, comparator", "M1, shorted"),
        (CALM, (97, 4, 26_955), "sense_mismatch", "R_SET, open"),
        (CALM, (97, 0, 25_630), "sense_mismatch", "R_B, shorted"),
        # Where two parts break alike, both are said.
        (SOME, (601, 603, 18_000), "over_current",
         "the DAC, at full scale; or the setpoint's divider, open"),
        # Without its divider the comparator would have cut that.
        (HIGH, (601, 603, 18_000), "over_current", "the DAC, at full scale"),
        (CALM, (0, 0, 0), "comparator", "M1 or R_SET, shorted"),
        (CALM, (130, 131, 25_000), "over_setpoint", "the setpoint's way: DAC, op-amp"),
        (CALM, (0, 0, 0), "button_stuck", ""),
        (CALM, (100, 100, 26_000), "heartbeat", ""),
    ],
)  # fmt: skip
def test_what_the_pass_that_tripped_saw_tells_parts_apart(rows, trip, faults, part):
    assert blackbox_words.fits(box(rows + OFF, trip, faults)) == part


@pytest.mark.req("F-11")
def test_what_differed_first_is_said_with_its_time():
    rows = list(CALM)
    for at in (-3, -2, -1):
        t, gate, fresh, set_ua, a, b, e2, precise, load = rows[at]
        rows[at] = (t, gate, fresh, set_ua, a, b + 30 if at > -3 else b, 28_000, precise, load)
    assert blackbox_words.differs(box(rows + OFF)) == "e2 +2.0 V from -15 ms on"
    assert blackbox_words.differs(box(CALM + OFF)) == "nothing before the cut"
    # Volts move with what is set: that is no difference.
    rows[-3:] = [(*row[:3], 60.0, 60, 60, 27_000, 60.0, 1000) for row in rows[-3:]]
    assert blackbox_words.differs(box(rows + OFF)) == "nothing before the cut"


@pytest.mark.req("F-11")
def test_a_box_without_a_row_of_output_says_so():
    assert blackbox_words.told(box(OFF)) == "first to differ: no row with the gate on"


@pytest.mark.req("F-11")
@pytest.mark.parametrize("seed", [3, 8])
def test_wands_of_other_parts_are_named_alike(seed, monkeypatch):
    parts = Parts.random(seed)
    import job

    monkeypatch.setattr(job, "Parts", lambda: parts)
    for fault in ("rset_short", "m1_short", "divider_open"):
        assert PARTS[fault][0] in blackbox_words.told(box_of(fault))
