"""The corners: each figure at its worst, and a worse part is seen in it."""

import shutil

import pytest

pytest.importorskip("circuit.quiet", reason="skidl isn't installed", exc_type=ImportError)
if shutil.which("ngspice") is None:
    pytest.skip("ngspice isn't on PATH", allow_module_level=True)

from circuit import bare, corners  # noqa: E402
from circuit.wand import Wand  # noqa: E402


@pytest.fixture(scope="module")
def start():
    return bare.nominal(Wand())


def test_the_nominal_wand_gives_what_it_is_asked_for(start):
    (got,) = bare.run([start])
    assert got["sense"] / 2000 == pytest.approx(250e-6, rel=1e-4)
    assert got["sb"] / 4990 == pytest.approx(got["load"] + got["e1"] / 11.1e6, rel=1e-4)


@pytest.mark.parametrize("ohms, lowest, highest", [(3790, 653, 666.5), (3920, 631, 644.5)])
def test_the_comparator_at_its_corners(start, ohms, lowest, highest):
    """What it was, and what fits between full scale (608 µA) and the weakest diode (645)."""
    spread = {name: corners.SPREAD[name] for name in ("rb", "rin", "ro2", "ref", "cos", "bos")}
    other = {**start, "ro2": ohms}
    low, _, high = corners.worst(other, lambda case: {}, spread, corners.threshold)
    assert low * 1e6 == pytest.approx(lowest, abs=0.5)
    assert high * 1e6 == pytest.approx(highest, abs=0.5)


@pytest.mark.req("F-05")
def test_switches_that_leak_are_seen_in_what_is_delivered(start):
    asked = corners.dac(50)
    spread = {"leak": ("to", (0.0, 4e-6))}
    low, _, high = corners.worst(start, asked, spread, corners.delivered)
    assert (high - low) * 1e6 == pytest.approx(4.0, abs=0.1)


def test_the_diode_falls_below_the_comparator_when_it_is_warm(start):
    """Where the threshold must not be: 645 µA at the least."""
    spread = {name: corners.SPREAD[name] for name in ("ip", "tc", "dt", "rail")}
    low, _, _ = corners.worst(start, lambda case: {"rset": 5.0, "skin": 20e3}, spread, corners.i_b)
    assert low * 1e6 == pytest.approx(645, abs=2)
