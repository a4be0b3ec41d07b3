"""An ADS1015 sold as an ADS1115: the self-test names it, the calibration blames no resistor."""

import sys
from pathlib import Path

import pytest

from ionwand.errors import RunFailed

sys.path.append(str(Path(__file__).parents[1] / "calibration"))
from test_procedure import Direct  # noqa: E402


@pytest.mark.req("S-15")
@pytest.mark.parametrize("seed", [3, 4, 5])
def test_it_is_named_by_both(seed):
    wand = Direct(seed)
    wand.world.adc.bits = 12
    with pytest.raises(RunFailed, match="an ADS1015 in the ADS1115's place"):
        wand.calibrate()
    assert wand.off
    wand.open()
    wand.hold(1.5)
    assert wand.call("selftest") == "adc_config"
    wand.world.adc.bits = 16
    wand.hold(1.5)
    assert wand.call("selftest") == ""
