"""What the plot of a session draws of a touch."""

import math

import pytest
import synthetic
from matplotlib.figure import Figure

from ionwand.trace import panels


def drawn(touch_mv):
    """The delivered curve of a session whose roller meets skin at this voltage, 9 mA for 1 µs."""
    rows = synthetic.session(seconds=0.5)
    before = rows[3]._replace(contact=0, v_load_mv=touch_mv, i_load_ua=0.0)
    touch = rows[4]._replace(contact=1, i_load_ua=9000.0, i_peak_ua=9000.0)
    rows[3:5] = [before, touch]
    axis = Figure().subplots()
    panels.current(axis, rows)
    (curve,) = [line for line in axis.lines if line.get_label() == "delivered"]
    return curve.get_ydata()[4]


@pytest.mark.req("S-21")
def test_the_touch_of_an_uncharged_roller_is_no_current():
    assert math.isnan(drawn(500.0))


@pytest.mark.req("S-21")
def test_the_touch_of_a_charged_roller_is_drawn():
    assert drawn(500.1) == 9000.0
