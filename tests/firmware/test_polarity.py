"""Ion charge to electrode signs: the table of domain.md, and nothing but the table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unix_port import run

from firmware import polarity
from firmware.polarity import AMPHOTERIC, NEGATIVE, POSITIVE, UNKNOWN, derive

REFUSED = (0, 0, 0, 0)


@pytest.mark.req("F-01")
@pytest.mark.parametrize("charge", [-1000, -200, -100, -9, -5])
def test_anion_is_pushed_by_a_negative_roller(charge):
    device_polarity, active_electrode, return_electrode, bridge, reason = derive(charge)
    assert device_polarity == POSITIVE == 1
    assert active_electrode == NEGATIVE == -1
    assert return_electrode == POSITIVE
    assert bridge == 1  # board contract: return +, roller -
    assert reason == ""


@pytest.mark.req("F-01")
@pytest.mark.parametrize("charge", [5, 9, 100, 200, 1000])
def test_cation_is_pushed_by_a_positive_roller(charge):
    device_polarity, active_electrode, return_electrode, bridge, reason = derive(charge)
    assert device_polarity == NEGATIVE
    assert active_electrode == POSITIVE
    assert return_electrode == NEGATIVE
    assert bridge == 2  # board contract: return -, roller +
    assert reason == ""


@pytest.mark.req("F-01")
@pytest.mark.parametrize("charge", [-4, 0, 4])
def test_neutral_is_refused_unless_carried_by_electroosmosis(charge):
    assert derive(charge)[:4] == REFUSED
    assert "electroosmosis" in derive(charge)[4]
    assert derive(charge, True) == derive(100)


@pytest.mark.req("F-01")
@pytest.mark.parametrize("charge", [-1000, -100, -5, 5, 100, 1000])
def test_electroosmosis_of_a_charged_product_is_refused(charge):
    assert derive(charge, True)[:4] == REFUSED
    assert "electroosmosis" in derive(charge, True)[4]


@pytest.mark.req("F-01")
@pytest.mark.parametrize("electroosmosis", [False, True])
def test_unknown_and_amphoteric_are_refused_whatever_the_flag(electroosmosis):
    assert derive(UNKNOWN, electroosmosis)[:4] == REFUSED
    assert "unknown" in derive(UNKNOWN, electroosmosis)[4]
    assert derive(AMPHOTERIC, electroosmosis)[:4] == REFUSED
    assert "amphoteric" in derive(AMPHOTERIC, electroosmosis)[4]


@pytest.mark.req("F-01", "R-07")
@pytest.mark.parametrize(
    "charge",
    [-1.0, float("nan"), float("inf"), True, "-", "anion", b"-1", [], 1001, -1001, 10**30],
)
@pytest.mark.parametrize("flag", [False, True, None, 1, "yes"])
def test_anything_else_opens_the_bridge(charge, flag):
    assert derive(charge, flag)[:4] == REFUSED
    assert derive(charge, flag)[4]


@pytest.mark.req("F-01", "R-07")
@pytest.mark.parametrize("flag", [None, 0, 1, "yes", float("nan")])
@pytest.mark.parametrize("charge", [-100, 0, 100])
def test_a_flag_that_is_no_flag_opens_the_bridge(charge, flag):
    assert derive(charge, flag)[:4] == REFUSED


@pytest.mark.req("F-01")
@given(charge=st.integers(), flag=st.booleans())
def test_signs_always_agree(charge, flag):
    device_polarity, active_electrode, return_electrode, bridge, reason = derive(charge, flag)
    assert device_polarity == return_electrode == -active_electrode
    assert bridge == {1: 1, -1: 2, 0: 0}[device_polarity]
    assert bool(reason) == (bridge == 0)
    if bridge and not flag:
        # Like repels like: the roller has the sign of the ion.
        assert active_electrode == (1 if charge > 0 else -1)
    if bridge and flag:
        assert active_electrode == 1  # water flows from anode to cathode


@pytest.mark.req("F-01", "R-03")
@pytest.mark.parametrize("flag", [False, True])
@pytest.mark.parametrize("charge", [-1001, 1001, 32766, 32768, -32767])
def test_a_charge_beyond_all_ions_is_called_unknown(charge, flag):
    assert "unknown" in derive(charge, flag)[4]
    assert "amphoteric" in derive(int("32767"), flag)[4], "known by its value"


@pytest.mark.req("F-01")
def test_bounds_are_the_written_ones():
    assert (polarity.CHARGE_MIN, polarity.CHARGE_MAX) == (5, 1000)
    assert polarity.AMPHOTERIC == 32767  # stored in records: 16 bits, far from any charge


@pytest.mark.req("F-01")
def test_same_on_the_unix_port():
    source = (
        "from firmware.polarity import derive\n"
        "for charge in (-1001, -176, -5, -4, 0, 4, 5, 200, 1001, 32767, None, 1.0, True):\n"
        "    for flag in (False, True):\n"
        "        print(derive(charge, flag))\n"
    )
    expected = "".join(
        f"{derive(charge, flag)}\n"
        for charge in (-1001, -176, -5, -4, 0, 4, 5, 200, 1001, 32767, None, 1.0, True)
        for flag in (False, True)
    )
    assert run(source) == expected
