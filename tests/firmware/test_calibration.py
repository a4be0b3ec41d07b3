"""Calibration: conversions at their ends, and every coefficient's range."""

import struct

import pytest

from firmware import calibration
from firmware.calibration import HIGHEST, LOWEST, NAMES, NOMINAL, Calibration, check, unpack

BOARD_ID = b"RESISTOR"


def payload(version=calibration.VERSION, board_id=BOARD_ID, values=NOMINAL):
    return struct.pack("<B8s8i", version, board_id, *values)


@pytest.mark.req("S-17", "R-07")
@pytest.mark.parametrize("index", range(len(NAMES)))
def test_every_coefficient_has_a_range(index):
    for values, good in (
        (LOWEST, True),
        (HIGHEST, True),
        ([value - 1 for value in LOWEST], False),
        ([value + 1 for value in HIGHEST], False),
        ([float(value) for value in NOMINAL], False),
        ([None] * len(NAMES), False),
    ):
        one = list(NOMINAL)
        one[index] = values[index]
        why = check(one)
        assert (why is None) is good
        if not good:
            assert NAMES[index] in why and str(LOWEST[index]) in why
        if type(one[index]) is int:
            found, problem = unpack(payload(values=one), BOARD_ID)
            assert (found is not None) is good and problem == why


@pytest.mark.req("S-17", "R-07")
@pytest.mark.parametrize(
    "stored, problem",
    [
        (None, "no calibration"),
        (b"", "0 bytes"),
        (payload()[:-1], "40 bytes"),
        (payload() + b"\0", "42 bytes"),
        (payload(version=1), "version 1"),
        (payload(board_id=b"SOMEBODY"), "another board"),
    ],
)
def test_what_is_no_calibration_of_this_wand_is_none(stored, problem):
    found, why = unpack(stored, BOARD_ID)
    assert found is None and problem in why


@pytest.mark.req("S-17")
@pytest.mark.parametrize("count", [0, 7, 9])
def test_a_wrong_number_of_values(count):
    assert "%d values" % count in check([0] * count)


@pytest.mark.req("S-17")
def test_packed_and_unpacked_it_is_the_same():
    values = tuple((low + high) // 2 for low, high in zip(LOWEST, HIGHEST))
    found, why = unpack(Calibration(BOARD_ID, values).pack(), BOARD_ID)
    assert why is None and found.values == values and found.board_id == BOARD_ID


@pytest.mark.req("S-01", "F-05")
@pytest.mark.parametrize("full_scale, step_na", [(65535, 14), (4095, 223)])
def test_codes_meet_the_setpoint(full_scale, step_na):
    one = Calibration(values=NOMINAL[:1] + (500,) + NOMINAL[2:])
    for na in (1000, 20_000, 250_000, 500_000):
        code = one.code(na, full_scale)
        assert abs(code * 13.897 * 65536 / (full_scale + 1) + 500 - na) <= step_na
    assert one.code(-1, full_scale) == one.code(0, full_scale) == one.code(400, full_scale) == 0
    assert one.code(10**9, full_scale) == full_scale


@pytest.mark.req("F-08")
def test_readings_never_go_below_zero_nor_beyond_what_can_flow():
    one = Calibration()
    assert one.sense_a_na(4000) == 250_000
    assert one.sense_a_na(-1) == one.e2_mv(-1) == one.rail_mv(-1) == one.load_mv(0, 4) == 0
    assert one.sense_a_na(32767) == one.sense_a_na(16_000) == 1_000_000
    # Skin that still drives backwards is no short circuit; what the parts' tolerance makes is.
    assert one.load_mv(0, 40) == 0 and one.load_mv(0, 60) == one.load_mv(0, 20_000) == -1
    assert one.e2_mv(1000) == one.rail_mv(1000) == one.load_mv(3000, 2000) == 1261
