"""Half a switch of the bridge shorted: a diode beside the skin, that gets nothing [S-05, S-22]."""

import pytest
from whole_wand import HOLD, TOUCH, Wand


@pytest.mark.req("S-05", "S-22", "R-01")
@pytest.mark.parametrize("product", ["vitamin-c", "vitamin-c-peel", "magnesium"])
def test_a_voltage_that_does_not_rise_with_the_current_is_no_skins(product):
    """It lay there at power-on: 1665 µC were counted in 12 s, of which the skin had got 19."""
    wand = Wand({"at_s": 0.0, "fault": "bridge:half"}, HOLD, TOUCH, product=product)
    wand.until("fault", within_s=12)
    assert wand.fault == "load_short"
    assert wand.app.treatment.dose.dose_uc < 200
    assert not wand.board.gate()


@pytest.mark.req("S-05", "S-22")
def test_one_that_comes_in_a_session_is_less_than_skin_has():
    wand = Wand(HOLD, TOUCH, {"at_s": 12.0, "fault": "bridge:half"})
    wand.until("refused", within_s=13)
    assert wand.end == "too_conductive"


@pytest.mark.req("S-05", "F-04")
@pytest.mark.parametrize("z_ohm, load_na, probe_mv, found", [
    (2_800, 125_000, 440, True), (3_900, 125_000, 440, False), (2_800, 99_000, 440, False),
    (1_000, 125_000, 160, False), (4_500, 125_000, 700, False), (1_100, 250_000, 440, True),
])  # fmt: skip
def test_what_a_diode_is(z_ohm, load_na, probe_mv, found):
    treated = Wand().app.treatment
    treated.impedance.z_ohm = z_ohm
    treated._probe_mv = probe_mv
    assert treated._diode(load_na) is found
