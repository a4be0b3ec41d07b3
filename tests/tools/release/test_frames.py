"""Functions of a treatment's tick, and how much each has at hand at once [P-06].

Where it is more than eleven words (VM_MAX_STATE_ON_STACK in MicroPython's objfun.c) the frame
comes from the heap: nothing stays allocated, but on the emulated chip to find room takes 0.1 ms
each time.
"""

import re

import mpy_frames
import pytest

from ionwand.release import build

ON_STACK = 11
TICK = {
    "firmware/app.py": "tick _judge _step _measure _wrong _log _state_event _show _tell _watch",
    "firmware/arming.py": "charger",
    "firmware/blackbox.py": "step _judged _measured _fit",
    "firmware/calibration.py": "code sense_a_na e2_mv load_mv",
    "firmware/display.py": "show _numbers",
    "firmware/dose.py": "step",
    "firmware/drift.py": "look second _second apart unsteady",
    "firmware/gestures.py": "step _up _down",
    "firmware/impedance.py": "step load_ohm",
    "firmware/indicator.py": "step _advance _light",
    "firmware/limiter.py": "step highest",
    "firmware/logbook.py": "step",
    "firmware/measure.py": "update open",
    "firmware/output.py": "beat _tell _watch _compare _over drive _wish _may_flow_ua _put _lost"
    " _let_open flow_na gone",
    "firmware/regulator.py": "step _ramp _lead _correct _wish",
    "firmware/rest.py": "step",
    "firmware/treatment.py": "treating _count _gone _no_skin _follow _same _drive _spent _second"
    " battery",
    "hal/drivers/acknowledged.py": "send",
    "hal/drivers/ad5693r.py": "write",
    "hal/rp2/board.py": "sleep_until _watch write_dac set_bleed feed_watchdog publish",
    "hal/rp2/panel.py": "show",
}


@pytest.fixture(scope="module")
def compiled():
    """With their names: the chip's build makes them short."""
    texts, found = build._numbers(build.source.ROOT, "armv6m")
    return {
        name: build.constants.inlined(texts[name], found, build.constants.module(name), strip=True)
        for name in TICK
    }


@pytest.mark.req("P-06")
@pytest.mark.parametrize("name", TICK)
def test_no_frame_of_a_tick_comes_from_the_heap(compiled, tmp_path, name):
    place = tmp_path / "module.py"
    # Of a name that MicroPython has anyway a file knows only the number.
    place.write_text(re.sub(r"(?m)^( *)def (\w+)\(", r"\1def \2_of_ours(", compiled[name]))
    frames = mpy_frames.words(build._compile(place, name, "armv6m", True, tmp_path / "out.mpy"))
    asked = {function: frames[f"{function}_of_ours"] for function in TICK[name].split()}
    assert {function: words for function, words in asked.items() if words > ON_STACK} == {}


@pytest.mark.req("P-06")
def test_a_frame_is_counted_as_micropython_does(tmp_path):
    place = tmp_path / "module.py"
    place.write_text(
        "def nothing(): pass\n"
        "def many(a, b, c, d, e, f, g): h = a; i = b; return (a, b, c, d, e, f, g, h, i)\n"
        "def most(" + ", ".join(f"a{i}" for i in range(40)) + "): pass\n"
        "def tries():\n try: nothing()\n except OSError: pass\n"
    )
    frames = mpy_frames.words(build._compile(place, "x.py", "armv6m", True, tmp_path / "out.mpy"))
    # Names and stack, one more for none of either, and three words of a try.
    assert (frames["nothing"], frames["many"], frames["most"]) == (1, 18, 41)
    assert frames["tries"] > 3
