"""One circuit: what the SKiDL code says against pins, boot.py, the simulator's parts, SPICE.

Each comparison is shown to see a difference by one that is planted.
"""

import dataclasses

import pytest

pytest.importorskip("circuit.quiet", reason="skidl isn't installed", exc_type=ImportError)
pytest.importorskip("spicelib", reason="spicelib isn't installed: no netlist of the tests")

from circuit import compare  # noqa: E402
from circuit.wand import Wand  # noqa: E402
from hal.sim import parts  # noqa: E402

PINS = (compare.ROOT / "hal/rp2/pins.py").read_text(encoding="utf-8")
BOOT = (compare.ROOT / "boot.py").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def wand():
    return Wand()


class Other:
    """The wand with one part of another value, or without it."""

    def __init__(self, wand, ref, **changes):
        self.records = dict(wand.records)
        if changes:
            self.records[ref] = dataclasses.replace(wand.records[ref], **changes)
        else:
            del self.records[ref]

    def value(self, ref):
        return self.records[ref].nominal


def test_the_circuit_is_the_one_of_firmware_simulator_and_spice(wand):
    assert compare.differences(wand) == []


def test_electrical_rules_find_nothing(wand):
    assert wand.erc() == (0, 0)


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("K1_ENABLE = const(12)", "K1_ENABLE = const(13)", "K1_ENABLE is GP13"),
        ("READY = const(22)", "READY = const(0)", "READY is GP0"),
        ("VBUS = const(24)", "VBUS = const(25)", "on the Pico it is GP24"),
    ],
)
def test_a_wrong_pin_is_seen(wand, old, new, said):
    assert old in PINS
    found = list(compare.pin_differences(wand, PINS.replace(old, new), BOOT))
    assert any(said in line for line in found)


def test_an_output_that_boot_leaves_alone_is_seen(wand):
    assert "(2, 12," in BOOT
    found = list(compare.pin_differences(wand, PINS, BOOT.replace("(2, 12,", "(2,")))
    assert found == ["boot.py: does not turn off GP12, K1_ENABLE of the circuit"]


@pytest.mark.req("S-12")
def test_an_output_without_a_pull_down_is_seen(wand):
    found = list(compare.pin_differences(Other(wand, "R_PD_GATE"), PINS, BOOT))
    assert found == ["pins.py: GATE must be off while it floats, the circuit has no pull-down"]


@pytest.mark.parametrize(
    "ref, value, said",
    [("R_SET", 2010.0, "r_set is"), ("R_O2", 3790.0, "gain_b is"), ("C_F", 2e-9, "cmp_tau_s is"),
     ("R_FB2", 47e3, "rail_v is")],
)  # fmt: skip
def test_a_wrong_value_is_seen_by_the_simulators_parts(wand, ref, value, said):
    other = Other(wand, ref, nominal=value)
    assert any(said in line for line in compare.value_differences(other, parts.Parts(), parts))


def test_a_part_worse_than_the_drawn_wands_is_seen(wand):
    other = Other(wand, "R_E1_TOP", tolerance=0.01)
    found = list(compare.value_differences(other, parts.Parts(), parts))
    assert found == ["parts.py: _RESISTOR draws ±0.1 %, R_E1_TOP is bought ±1 %"]


def test_wrong_value_place_and_missing_part_are_seen_in_the_spice_netlist(wand):
    nominal = parts.Parts()
    text = compare.spice_text(nominal)

    def found(old, new):
        assert old in text
        return list(compare.spice_differences(wand, text.replace(old, new), nominal.c_switch))

    assert found("Rtop dac set 17449.9", "Rtop dac set 16000") == [
        "spice_netlist.py: Rtop is 16000, the circuit has 17449.9"
    ]
    assert found("Rtop dac set", "Rtop dac sense") == [
        "spice_netlist.py: Rtop from dac to sense, R_T1 + R_T2 lies from DAC to SET"
    ]
    assert found("Rbleed bleed", "*Rbleed bleed") == [
        "spice_netlist.py: Rbleed is missing, the circuit has R_BLEED"
    ]


def test_a_part_that_is_there_twice_is_refused(wand):
    from circuit.sheet import Sheet

    with pytest.raises(ValueError, match="R_SET is there twice"):
        Sheet(wand, "again", "").r("R_SET", 2000, 0.001, "SENSE_A", "GND", "", {})
