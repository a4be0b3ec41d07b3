"""The sign at the roller is measured before every session, and the dummy is really gone [S-23]."""

import pytest
from test_ticks import PlainWand
from whole_wand import HOLD, Wand

from firmware import faults, products, selftest


def chosen(wand, name):
    for index, product in enumerate(wand.app.catalogue):
        if product.id == name:
            wand.app._choose(index)
    assert wand.app.product.id == name and not wand.app.product.patch_test
    return wand


@pytest.mark.req("S-23", "S-15")
@pytest.mark.parametrize("name, bridge", [("vitamin-c", 1), ("magnesium", 2)])
@pytest.mark.parametrize("stuck", [0, 1, 2])
def test_a_bridge_that_lies_where_it_should_not_is_named_before_current_flows(name, bridge, stuck):
    wand = chosen(PlainWand().until("ready"), name)
    assert wand.app.bridge == bridge
    wand.board.bridge_stuck = stuck
    wand.press(1.7)
    wand.until("contact", "fault")
    if stuck in (0, bridge):
        assert wand.state == "contact" and wand.named == []
    else:
        assert wand.state == "fault" and wand.named == ["bridge_sign"]


@pytest.mark.req("S-23", "S-15")
@pytest.mark.parametrize("ohm, names", [
    (10_000, ("", "bridge_sign")), (4_200, ("bridge_sign", "")), (7_800, ("bridge_sign", "")),
    (1_900, ("dummy_reading",) * 2), (8_500, ("dummy_reading",) * 2),
    (11_300, ("dummy_reading",) * 2),
])  # fmt: skip
def test_what_is_neither_the_dummy_nor_its_diode_is_no_sign(ohm, names):
    assert tuple(faults.name(selftest._sign(ohm, bridge)) for bridge in (1, 2)) == names


@pytest.mark.req("S-23", "S-22")
def test_a_dummy_that_welds_as_the_proof_lets_go_is_not_treated():
    wand = PlainWand().until("ready")
    wand.board.dummy_welded = True
    wand.board.was_dummy = False
    wand.press(1.7)
    wand.until("fault")
    assert wand.named == ["dummy_reading"] and wand.app.treatment.dose.dose_uc == 0


@pytest.mark.req("S-23", "R-01")
@pytest.mark.parametrize("name, stuck, found", [
    ("magnesium", "bridge_stuck_1", "bridge_sign"), ("vitamin-c", "bridge_stuck_2", "bridge_sign"),
])  # fmt: skip
def test_the_simulated_wand_gives_nothing_with_the_wrong_sign(name, stuck, found):
    wand = Wand(HOLD, {"at_s": 6.5, "touch": "hydrated"}, product=name)
    wand.until("ready")
    wand.world.inject(stuck)
    wand.until("fault", within_s=6)
    assert wand.fault == found and wand.world.plant.skin_charge_c == 0.0
    assert faults.BRIDGE_SIGN & ~faults.RECOVERABLE and products.DEFAULT


@pytest.mark.req("S-23", "S-15", "S-20")
@pytest.mark.parametrize("at_s", [3.8, 4.0, 4.2])
def test_who_touches_in_the_proof_is_no_fault_of_the_bridge(at_s):
    wand = Wand(HOLD, {"at_s": at_s, "touch": "hydrated"}, {"at_s": 6.0, "lift": True})
    wand.until("contact", "fault")
    assert wand.state == "contact"


@pytest.mark.req("S-23")
def test_skin_beside_the_dummy_does_not_hide_a_wrong_sign():
    touch = {"at_s": 4.0, "touch": "hydrated"}
    wand = Wand(HOLD, touch, {"at_s": 6.0, "lift": True}, product="magnesium")
    wand.until("ready")
    wand.world.inject("bridge_stuck_1")
    wand.until("contact", "fault")
    assert wand.fault == "bridge_sign"


@pytest.mark.req("S-10", "S-15")
@pytest.mark.parametrize("at_s", [0.0, 2.0])
def test_a_monostable_that_falls_three_times_too_late_is_named(at_s):
    wand = Wand({"at_s": at_s, "fault": "monostable:slow"}, HOLD)
    wand.until("fault", within_s=6)
    assert wand.fault == "monostable"
