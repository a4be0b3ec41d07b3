"""How good the contact is, as a person sees it while current flows: winks of the light.

The whole wand on the Unix port, script to LED. Only light and dark count here, no colours: winks
in four seconds are good 1, poor 2, drying out 3, resistance limit 4.
"""

import dataclasses
import itertools

import pytest

from ionwand.device import source
from ionwand.simulation import runner, script
from ionwand.simulation.simulate import make_job

CYCLE_US = 4_000_000


def rows_of(name, duration_s=None):
    session = script.load(source.SCENARIOS / f"{name}.toml")
    if duration_s is not None:
        session = dataclasses.replace(session, duration_s=duration_s)
    return list(runner.Run(make_job(session), "micropython").rows())


def winks(rows, from_s):
    """Times that the light goes dark in the four seconds from then on."""
    seen = [row for row in rows if 0 <= row.t_us - from_s * 1e6 < CYCLE_US]
    assert {row.state for row in seen} == {"treating"}
    dark = [row.led == "#000000" for row in seen]
    return sum(b and not a for a, b in itertools.pairwise(dark))


@pytest.fixture(scope="module")
def drying():
    return rows_of("drying")


@pytest.mark.req("F-09", "F-10")
@pytest.mark.parametrize(
    ("from_s", "expected"),
    [
        (22.5, 1),  # 20 to 23 kΩ: that is a roller that moves
        (53.0, 3),  # 34 kΩ, and for long: gel
        (66.0, 1),  # gel has come
    ],
)
def test_rising_impedance_asks_for_gel_and_is_content_with_it(drying, from_s, expected):
    assert winks(drying, from_s) == expected


@pytest.mark.req("F-09")
def test_the_impedance_it_goes_by_is_the_skins(drying):
    for at_s, ohm in ((23.9, 20_000), (43.9, 34148), (70.9, 21_000)):
        row = next(row for row in drying if row.t_us >= at_s * 1e6)
        assert row.z_ohm == pytest.approx(ohm, rel=0.01)


@pytest.mark.req("F-06", "F-10")
def test_poor_contact_and_resistance_limit_wink_more_often():
    rows = rows_of("poor_contact")
    assert winks(rows, 12.0) == 2
    assert winks(rows, 30.0) == 1
    assert winks(rows_of("dry", duration_s=24.0), 16.0) == 4
