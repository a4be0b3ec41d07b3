"""The guard proven on its shipped source, and the proof itself tested with planted bugs.

A property that no bug can break proves nothing: each of these changes of one line, made in a copy
of the text, must be refuted by the property that speaks of it.
"""

import sys
from pathlib import Path

import pytest

pytest.importorskip("z3", reason="z3-solver isn't installed: make setup")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools" / "proof"))

import guard_smt  # noqa: E402
import symbolic  # noqa: E402

# (line of the guard, what a bug makes of it, start of a property's name that refutes it)
BUGS = (
    ("if not most_ua < _OVER_CURRENT_UA:", "if not most_ua <= _OVER_CURRENT_UA:", "S-02 a sense"),
    ("if not most_ua < _OVER_CURRENT_UA:", "if not a_ua < _OVER_CURRENT_UA:", "S-02 a sense"),
    ("_OVER_CURRENT_UA = const(550)", "_OVER_CURRENT_UA = const(551)", "S-02 a sense"),
    ("if snapshot[SN_LATCH] != 0:", "if snapshot[SN_LATCH] > 1:", "S-02 the comparator"),
    ("over_us = snapshot[_OVER_US] + dt_us", "over_us = dt_us", "S-02 time over"),
    ("if not apart_us < _MISMATCH_US:", "if apart_us == _MISMATCH_US:", "S-03 senses apart"),
    ("frames = snapshot[_FRAMES_APART] + 1", "frames = 1", "S-03 frames apart"),
    ("if a_ua < _OPEN_UA and e2_mv < _OPEN_E2_MV:", "if a_ua < _OPEN_UA and e2_mv < 60:",
     "S-04 an open circuit"),
    ("a_ua * _SHORT_LOAD_OHM:", "a_ua * _SHORT_LOAD_OHM // 2:", "S-05"),
    ("if not snapshot[SN_CHARGE_UC] < _CHARGE_MAX_UC:",
     "if snapshot[SN_CHARGE_UC] == _CHARGE_MAX_UC:", "S-07"),
    ("if not snapshot[SN_OUTPUT_MS] < _OUTPUT_MAX_MS:",
     "if not snapshot[SN_OUTPUT_MS] <= _OUTPUT_MAX_MS:", "S-07 fed"),
    ("snapshot[_SESSION_REST_US] = rest\n", "snapshot[_SESSION_REST_US] = 0\n", "S-07 session"),
    ("rest = snapshot[_CHARGE_REST_PC] + most_ua * dt_us",
     "rest = snapshot[_CHARGE_REST_PC] + a_ua * dt_us", "S-07 charge multiplies"),
    ("if not quiet_loop_us <= _HEARTBEAT_MAX_US:", "if quiet_loop_us == _HEARTBEAT_MAX_US:",
     "S-10 a main loop"),
    ("trips |= _TRIP_GUARD_LATE", "pass_late = 1", "S-10 a late pass"),
    ("setpoint_ua = 0\n        trips |= _TRIP_BAD_REQUEST", "setpoint_ua = 0",
     "S-01 a setpoint"),
    ("and bridge == locked)", "and bridge <= 2)", "S-09 fed"),
    ("and output == 0 and was_on == 0:", "and was_on == 0:", "S-20 "),
    ("    trips |= snapshot[SN_TRIPS]\n", "", "S-20 no trip"),
    ("if trips != 0 and snapshot[SN_TRIPS] == 0:", "if trips != 0:", "S-20 the first cause"),
    ("if output == 1 and trips == 0 and", "if output == 1 and", "S-20 a trip"),
    ("        mark_us = 0\n", "", "S-04 and is measured"),
    ("+ 1) & 0x1FFFFFFF", "+ 1) & 0x3FFFFFFF", "the invariant"),
    ("rest -= 1_000_000", "rest -= 100_000", "every loop"),
    ("* 2645 >> 16", "* 79350 // 30 >> 16", "R-08"),
    (" and snapshot[SN_SESSION_MS] < _SESSION_MAX_MS:", ":", "the invariant"),
)  # fmt: skip


@pytest.mark.req("S-01", "S-02", "S-03", "S-04", "S-05", "S-07", "S-09", "S-10", "S-20", "R-08")
def test_every_property_is_proven():
    refuted = [name for name, model, _ in guard_smt.prove() if model is not None]
    assert refuted == []


@pytest.mark.parametrize("right,wrong,name", BUGS)
def test_a_planted_bug_is_refuted(right, wrong, name):
    source = guard_smt.SOURCE.read_text()
    assert source.count(right) == 1, "the guard has changed: bring this bug up to date"
    step = guard_smt.Step(source.replace(right, wrong))
    claims = [claim for title, claim in guard_smt.properties(step) if title.startswith(name)]
    assert claims, "no property begins with " + name
    assert any(step.counterexample(claim) is not None for claim in claims)


@pytest.mark.parametrize(
    "body", ["snapshot[request[0]] = 1", "for x in request:\n        pass", "print(1)",
             "x = request[0] // request[1]"]
)  # fmt: skip
def test_what_the_proof_cannot_read_stops_it(body):
    source = "def guard_pass(samples, request, snapshot):\n    %s\n    return 0\n" % body
    with pytest.raises((symbolic.Unsupported, AttributeError)):
        guard_smt.Step(source)
