"""No sequence of the wand depends on how fast its main loop and its precise converter are.

The whole wand on the simulated board, with ticks and frames stretched by tools/proof/slow.py.
Without hum: means over whole periods of the mains want frames on time, which a chip's always are
(hal/rp2: by the ready line, whatever the main loop does).
"""

import sys
from pathlib import Path

import pytest
from whole_wand import Wand

sys.path.append(str(Path(__file__).parents[2] / "tools" / "proof"))

from slow import Slow  # noqa: E402

SPEEDS = [
    (0.5, 1, 0),
    (1, 2, 0.5),
    (1, 3, 1),
    (2, 1, 0),
    (2, 2, 1),
    (3, 1, 0.5),
    (3, 3, 0),
    (3, 3, 1),
]


@pytest.fixture(params=SPEEDS, ids=str)
def slow(request):
    """What makes a world slow, and the wand in it."""
    ticks, frames, jitter = request.param

    def prepare(world):
        plan = {"seed": 1, "ticks": ticks, "frames": frames, "jitter": jitter}
        made = Slow(world, plan)
        attach = world.observer.attach

        def both(board):
            attach(board)
            made.attach(board)

        world.observer.attach = both

    return prepare


@pytest.mark.req("S-15", "F-03", "F-05", "F-08", "S-08")
def test_a_treatment_from_power_on_to_its_end(slow):
    events = {"at_s": 6.0, "press_s": 1.7}, {"at_s": 12.1, "touch": "hydrated"}
    wand = Wand(*events, prepare=slow, noise=0)
    wand.until("ready", "fault", within_s=6)
    assert wand.fault == ""
    wand.until("treating", "fault", within_s=20)
    wand.run(4)
    assert wand.fault == "" and wand.state == "treating"
    assert wand.current_ua == pytest.approx(250, abs=7)
    measured_uc = wand.app.treatment.dose.dose_uc
    wand.run(2)
    more_uc = wand.app.treatment.dose.dose_uc - measured_uc
    assert more_uc == pytest.approx(500, rel=0.03)
    wand.press(0.2)
    wand.until("done", within_s=3)
    assert wand.fault == "" and wand.end == "stopped"


BROKEN = {
    "adc_stuck": "zero_reading",
    "dac_full_scale": "over_setpoint",
    "diode_short": "limiting_diode",
    "k1_stuck_on": "gate_k1",
    "m2_short": "gate_m2",
    "monostable_stuck": "monostable",
    "rb_short": "sense_mismatch",
}


@pytest.mark.req("S-15")
@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_broken_is_named(slow, broken):
    def prepare(world):
        slow(world)
        world.inject(broken)

    wand = Wand(prepare=prepare, noise=0)
    wand.until("ready", "fault", within_s=15)
    assert wand.fault == BROKEN[broken]


@pytest.mark.req("S-15")
@pytest.mark.parametrize("broken", BROKEN)
def test_it_has_the_same_name_on_a_wand_that_is_not_slow(broken):
    wand = Wand(prepare=lambda world: world.inject(broken))
    wand.until("ready", "fault", within_s=15)
    assert wand.fault == BROKEN[broken]
