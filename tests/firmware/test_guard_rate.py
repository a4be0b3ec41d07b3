"""The guard judges by time: at the chip's rate as at the slowest allowed one, only sooner.

On the chip its passes are 12 µs apart, on the simulated board 500 µs. Whatever stands still for
longer than the guard's longest count ends both, for the same reasons.
"""

from array import array

import pytest

from firmware import guard, limits
from hal.sim.parts import Lcg

A_UA, B_UA, E2_MV = 6600 / 65536, 2645 / 65536, 2081 / 1024  # of a sum of four codes
FAST_US, SLOW_US = 12, limits.GUARD_US
PIECE_US = 6000  # longer than any count of the guard but those of minutes and of the heartbeat


def pieces(seed):
    """[(sense A µA, sense B µA, e2 mV, latch)], mostly healthy, then something."""
    chance = Lcg(seed)
    healthy = (250, 250, 18_000, 0)
    odd = (
        (560, 560, 18_000, 0), (250, 290, 18_000, 0), (250, 200, 18_000, 0), (280, 250, 18_000, 0),
        (274, 274, 18_000, 0), (3, 3, 300, 0), (100, 100, 500, 0), (250, 250, 14_000, 0),
        (250, 250, 16_000, 0), (250, 250, 18_000, 1), (270, 250, 18_000, 0), healthy,
    )  # fmt: skip
    well = 1 + chance.bits16() % 3
    return [healthy] * well + [odd[chance.bits16() % len(odd)] for _ in range(3)]


def run(script, step_us):
    """When the guard stopped feeding, and what it then said."""
    samples, request = array("H", [0] * 16), array("i", [0] * guard.RQ_SIZE)
    snapshot = array("i", [0] * guard.SN_SIZE)
    now_us = 0
    off_us = None

    def one(piece):
        nonlocal now_us
        now_us += step_us
        for channel, (value, unit) in enumerate(zip(piece[:3], (A_UA, B_UA, E2_MV))):
            total = -int(-value // unit)
            for i in range(4):
                samples[channel + 4 * i] = (total + i) // 4
        request[guard.RQ_HEARTBEAT] = now_us // 5000
        snapshot[guard.SN_DT_US] = step_us
        snapshot[guard.SN_LATCH] = piece[3]
        return guard.guard_pass(samples, request, snapshot)

    request[guard.RQ_ARM] = request[guard.RQ_BRIDGE] = 1
    one((0, 0, 25_000, 0))
    request[guard.RQ_SETPOINT_UA] = 250
    snapshot[guard.SN_CEILING_PA] = 267_000_000  # as if it had risen slowly [S-08]
    request[guard.RQ_OUTPUT] = 1
    now_us = 0
    for number, piece in enumerate(script):
        while now_us < (number + 1) * PIECE_US:
            if not one(piece):
                off_us = now_us
                break
        if off_us is not None:
            break
    charge = snapshot[guard.SN_CHARGE_UC] * 1_000_000 + snapshot[28]
    return off_us, snapshot[guard.SN_FIRST], snapshot[guard.SN_LIFTED], charge


@pytest.mark.req("S-02", "S-03", "S-04", "S-07", "P-03")
def test_the_same_judgement_at_both_rates():
    ends = set()
    for seed in range(60):
        script = pieces(seed)
        fast, slow = run(script, FAST_US), run(script, SLOW_US)
        assert fast[1:3] == slow[1:3], (seed, script)
        assert (fast[0] is None) is (slow[0] is None)
        if fast[0] is not None:
            assert -FAST_US <= slow[0] - fast[0] <= SLOW_US, (seed, fast, slow)
        assert abs(slow[3] - fast[3]) <= 600 * (SLOW_US + FAST_US)  # µA and µs: pC
        ends.add(fast[1:3])
    assert len(ends) >= 5


def test_the_converters_steps_are_no_fall_of_the_low_rail():
    """3 LSB up and down in every conversion, at the chip's rate."""
    chance = Lcg(4)
    samples, request = array("H", [620, 1547, 2200, 1600] * 4), array("i", [0] * guard.RQ_SIZE)
    snapshot = array("i", [0] * guard.SN_SIZE)
    request[guard.RQ_ARM] = request[guard.RQ_BRIDGE] = 1
    snapshot[guard.SN_DT_US] = FAST_US
    guard.guard_pass(array("H", [0] * 16), request, snapshot)
    request[guard.RQ_SETPOINT_UA] = 250
    snapshot[guard.SN_CEILING_PA] = 267_000_000  # as if it had risen slowly [S-08]
    request[guard.RQ_OUTPUT] = 1
    for number in range(5000):
        request[guard.RQ_HEARTBEAT] = number // 400
        for i in range(4):
            samples[2 + 4 * i] = 2200 + chance.bits16() % 7 - 3
        snapshot[guard.SN_DT_US] = FAST_US
        assert guard.guard_pass(samples, request, snapshot) == 1
