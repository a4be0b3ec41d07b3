"""Meters that resolve too little, and what of a meter goes into the uncertainty."""

import pytest
from test_procedure import FEW, Direct

from ionwand.calibration import procedure, resolution
from ionwand.calibration.fit import Accuracy
from ionwand.errors import RunFailed


def steps(step_ua):
    return lambda amperes: round(amperes * 1e6 / step_ua) * step_ua / 1e6


@pytest.mark.req("F-05", "F-13")
@pytest.mark.parametrize("step_ua", [10, 5, 2])
def test_a_meter_too_coarse_is_refused_before_anything_is_written(step_ua):
    wand = Direct(8)
    wand.wrong = steps(step_ua)
    before = wand.stored
    with pytest.raises(RunFailed, match=f"too coarse: its readings lie on steps of {step_ua} µA"):
        wand.calibrate()
    assert wand.stored == before and wand.off and len(wand.asked) == 1


@pytest.mark.req("F-05")
@pytest.mark.parametrize("step_ua", [1, 0.1])
def test_what_it_resolves_is_in_the_uncertainty(step_ua):
    wand = Direct(8)
    wand.wrong = steps(step_ua)
    result = wand.calibrate(points_ua=procedure.POINTS_UA)
    (line,) = [one for one in result.budget if one.source == "meter, resolution"]
    assert line.u_na == pytest.approx(step_ua * 1e3 / 12**0.5)
    assert all(one.meter_u_na > line.u_na for one in result.as_found + result.as_left)
    assert {one.setpoint_na for one in result.as_found} == {
        ua * 1000 for ua in procedure.POINTS_UA
    }
    # A wand calibrated once gives round numbers on such a meter; that is no coarser one.
    again = wand.calibrate()
    (line,) = [one for one in again.budget if one.source == "meter, resolution"]
    assert line.u_na <= 1000 / 12**0.5


@pytest.mark.req("F-05")
def test_steps_of_readings():
    odd = [-61_000, 73_000, 50_000, 97_000, 203_000, 500_000]
    assert resolution.step_na(odd) == 1000
    assert resolution.step_na([*odd, 61_400]) == 200
    assert resolution.step_na([*odd, 61_400.0001]) == 200
    assert resolution.step_na([one + 0.37 for one in odd]) == 0
    assert resolution.step_na(odd[:3]) == 0 and resolution.step_na([]) == 0
    assert resolution.step_na([one // 10_000 * 10_000 for one in range(0, 500_000, 30_000)]) >= 1e4


@pytest.mark.req("F-05")
@pytest.mark.parametrize(
    ("accuracy", "good"),
    [
        (Accuracy(), True),
        (Accuracy(500, 800, 100, 10), True),  # Keithley 2000 on 10 mA
        (Accuracy(500, 2000, 100, 10), False),  # Keithley 2100 on 10 mA
        (Accuracy(200, 50, 100, 1000), True),
        (Accuracy(200, 50, 100, 2000), False),
        (Accuracy(10_000, 0, 100, 0), False),
    ],
)
def test_a_meter_that_cannot_tell_is_refused(accuracy, good):
    if good:
        resolution.check(accuracy, FEW, False)
        return
    with pytest.raises(RunFailed, match="the meter is too coarse") as raised:
        resolution.check(accuracy, FEW, False)
    assert "\n" not in str(raised.value)
