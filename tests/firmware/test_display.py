"""What the person sees in each state, and the numbers that say the same."""

import pytest
from plain_board import PlainBoard

from firmware import display, faults, limits, patterns, products, progress, session
from firmware import treatment as t
from firmware.calibration import Calibration
from firmware.output import Output
from firmware.rest import Rest

LOW_MV = limits.BATTERY_START_MV - 1


class Bench:
    """A display and what it looks at; nothing moves by itself."""

    def __init__(self, state):
        self.board = PlainBoard()
        self.faults = faults.Faults()
        self.session = session.Session()
        self.session.state = state
        self.output = Output(self.board, Calibration())
        self.treatment = t.Treatment(self.output)
        self.treatment.product = products.DEFAULT[0]
        self.rest = Rest()
        self.display = display.Display(
            self.session, self.treatment, self.output, self.faults, self.rest
        )

    def show(self, battery_mv=3900, idle_ms=0):
        """The light's colour in one tick."""
        self.display.show(self.board, battery_mv, idle_ms, limits.TICK_MS)
        red, green, blue, _ = self.board.seen
        return red << 16 | green << 8 | blue


@pytest.mark.req("F-10", "F-04", "S-16")
@pytest.mark.parametrize("sign, mark", [(-1, "-"), (1, "+")])
@pytest.mark.parametrize("battery_mv, patch, variant", [
    (3900, False, ""), (3900, True, " patch"), (LOW_MV + 1, False, ""),
    (LOW_MV, False, " battery"), (LOW_MV, True, " battery"),
])  # fmt: skip
def test_ready_says_which_product_and_what_keeps_it_from_a_treatment(
    sign, mark, battery_mv, patch, variant
):
    bench = Bench(session.READY)
    bench.display.choose(0, sign, patch)
    assert bench.show(battery_mv) == patterns.row("ready" + mark + variant)[2]


@pytest.mark.req("F-03", "F-10")
@pytest.mark.parametrize("state, row", [
    (session.SELFTEST, "selftest"), (session.PROVING, "proving"),
])  # fmt: skip
def test_a_test_that_waits_for_the_roller_to_be_lifted_says_so(state, row):
    assert Bench(state).show() == patterns.row(row)[2]
    bench = Bench(state)
    bench.output.touching_ohm = 17_000
    assert bench.show() == patterns.row("lift first")[2]


@pytest.mark.req("F-10")
@pytest.mark.parametrize("end", range(1, len(t.ENDS)))
def test_only_a_whole_treatment_looks_done(end):
    bench = Bench(session.DONE)
    bench.treatment.end = end
    row = "done" if t.ENDS[end] == "complete" else "done early"
    assert bench.show() == patterns.row(row)[2]


@pytest.mark.req("F-10", "S-20")
def test_the_first_fault_is_the_one_that_is_shown():
    bench = Bench(session.FAULT)
    bench.faults.latch(faults.I2C)
    bench.faults.latch(faults.OVER_CURRENT)
    seen = []
    for _ in range(2 * patterns.CYCLE_MS // limits.TICK_MS):
        colour = bench.show()
        if colour and (not seen or not seen[-1]):
            seen.append(colour)
        elif not colour:
            seen.append(0)
    flashes = ["-" if colour == patterns.RED else "." for colour in seen if colour]
    assert "".join(flashes[:4]) == dict(patterns.FAULTS)["i2c"]


@pytest.mark.req("F-12")
@pytest.mark.parametrize("state, idle_ms, dim", [
    (session.READY, 9_999, False), (session.READY, 10_000, True), (session.DONE, 10_000, False),
])  # fmt: skip
def test_a_wand_that_waits_for_long_dims(state, idle_ms, dim):
    bench = Bench(state)
    bench.display.choose(0, -1, False)
    bench.treatment.end = t.COMPLETE
    bright = Bench(state)
    bright.display.choose(0, -1, False)
    bright.treatment.end = t.COMPLETE
    assert (bench.show(idle_ms=idle_ms) < bright.show()) is dim


@pytest.mark.req("F-13")
def test_every_number_stands_in_its_place():
    bench = Bench(session.TREATING)
    told = []
    bench.board.publish = told.append
    bench.display.choose(3, 1, False)
    bench.faults.latch(faults.VBUS)
    bench.faults.latch(faults.I2C)
    bench.treatment.end = t.STOPPED
    bench.treatment.number = 7
    bench.treatment.lifts = 2
    bench.treatment.dose.dose_uc = 1234
    bench.treatment.impedance.z_ohm = 15_600
    bench.output.regulator.setpoint_na = 250_000
    bench.output.code = 27_000
    colour = bench.show(3810)
    (status,) = told
    assert status is bench.display.status
    assert list(status) == [
        session.TREATING, t.STOPPED, faults.VBUS | faults.I2C, faults.VBUS, 250_000, 27_000,
        15_600, 1234, 7, 2, 3, patterns.GOOD, colour, bench.board.seen[3], 3810,
    ]  # fmt: skip
    names = [name for name in dir(display) if name.startswith("ST_") and name != "ST_SIZE"]
    assert sorted(getattr(display, name) for name in names) == list(range(display.ST_SIZE))
    assert status[display.ST_FIRST] == faults.VBUS and status[display.ST_DOSE_UC] == 1234
    assert status[display.ST_PRODUCT] == 3 and status[display.ST_BATTERY_MV] == 3810


@pytest.mark.req("F-10", "F-08")
def test_quarters_and_zones_are_beeped():
    bench = Bench(session.TREATING)
    bench.treatment.product = products.Product("p", "P", -100, 250, 75_000, 300, zone_s=30)
    heard = []
    for second in range(299):
        bench.treatment.dose.dose_uc = 250 * second
        bench.treatment.flow_ms = 1000 * second
        tones = []
        for _ in range(1000 // limits.TICK_MS):
            bench.show()
            tones.append(bench.board.seen[3])
        for hz in (progress.QUARTER_HZ, progress.ZONE_HZ):
            beeps = sum(now == hz != was for was, now in zip([0] + tones, tones))
            if beeps:
                heard.append((second, hz, beeps))
    quarters = [one for one in heard if one[1] == progress.QUARTER_HZ]
    assert quarters == [(75, 2600, 1), (150, 2600, 2), (225, 2600, 3)]
    zones = [second for second, hz, _ in heard if hz == progress.ZONE_HZ]
    assert zones == [30, 60, 90, 120, 180, 210, 240, 270]  # where both are due, the quarter's


@pytest.mark.req("F-10", "P-06")
def test_the_light_follows_every_20_ms_and_another_state_at_once():
    bench = Bench(session.TREATING)
    looked = []
    step = bench.display.indicator.step
    bench.display.indicator.step = lambda dt_ms: (looked.append(dt_ms), step(dt_ms))
    for _ in range(9):
        bench.show()
    assert looked == [25, 20, 20]
    bench.session.state = session.DONE
    bench.show()
    assert looked == [25, 20, 20, 5]
    bench.show()
    assert looked == [25, 20, 20, 5]
