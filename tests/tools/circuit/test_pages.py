"""Files made of the circuit: what lies in docs/ is today's, no part is without its failures."""

import dataclasses
import subprocess
import sys

import pytest

pytest.importorskip("circuit.quiet", reason="skidl isn't installed", exc_type=ImportError)

from circuit import bom, compare, fmea, neighbours, pins_page  # noqa: E402
from circuit.wand import Wand  # noqa: E402


@pytest.fixture(scope="module")
def wand():
    return Wand()


def test_every_file_is_of_this_circuit():
    """A process of its own: the same bytes wherever and whenever they are made."""
    done = subprocess.run(
        [sys.executable, "-m", "circuit", "--check"],
        cwd=compare.ROOT / "tools", capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_every_part_has_its_failures_and_every_fault_its_part(wand):
    assert list(fmea.problems(wand, *fmea.simulator_faults())) == []


@pytest.mark.req("S-15")
def test_every_two_pins_of_the_pico_that_are_neighbours_may_be_bridged(wand, monkeypatch):
    assert list(neighbours.problems(wand)) == []
    assert len(neighbours.pairs(wand)) == len(neighbours.ROWS) == 38
    rows = {pair: row for pair, row in neighbours.ROWS.items() if pair != ("SDA", "SCL")}
    monkeypatch.setattr(neighbours, "ROWS", rows | {("SDA", "GATE"): ("none", "nobody")})
    assert list(neighbours.problems(wand)) == [
        "circuit/neighbours.py: no row for SDA beside SCL",
        "circuit/neighbours.py: SDA does not lie beside GATE",
    ]


class Records:
    def __init__(self, records):
        self.records = records


def test_a_part_without_rows_and_a_fault_without_a_part_are_named(wand):
    records = dict(wand.records)
    records["R_SET"] = dataclasses.replace(records["R_SET"], rows={})
    found = list(fmea.problems(Records(records), ("rset_open", "flood")))
    assert "R_SET: no row for 'open', write one in blocks/low_side.py" in found
    assert "simulator: no part has a row for its fault rset_open" in found
    assert "simulator: no part has a row for its fault flood" in found


def test_a_row_of_an_unknown_fault_is_named(wand):
    row = ("no current", "self-test", "at power-on", "rset_opne")
    records = dict(wand.records)
    rows = {**records["R_SET"].rows, "open": row}
    records["R_SET"] = dataclasses.replace(records["R_SET"], rows=rows)
    names, same = fmea.simulator_faults()
    found = list(fmea.problems(Records(records), names, same))
    assert "R_SET: 'open' names the fault rset_opne, the simulator has none such" in found


def test_the_campaigns_table_is_read():
    text = """
<!-- faults: made by tools/proof/fault_table.py -->
| fault | at power-on | before a session | as skin is met | in a session |
|---|---|---|---|---|
| r_set:open | A_B after 3 ms | A_B after 4 ms | A_B after 6 ms | A_B after 5 ms, 12 µA |
<!-- end of faults -->
"""
    seen = ["A_B after 3 ms", "A_B after 4 ms", "A_B after 6 ms", "A_B after 5 ms, 12 µA"]
    assert fmea.campaign(text) == {"r_set:open": seen}
    assert fmea.campaign("") == {}


def test_a_claim_that_the_campaign_does_not_bear_out_is_in_bold():
    nobody = "**nobody**, 250 µA"
    seen = {"comparator:dead": [nobody] * 3, "k1:short": ["gate_k1 after 9 ms", nobody, nobody]}
    dead = ("never trips", "proof", "before a session", "comparator:dead")
    assert fmea.seen_by(dead, seen).startswith("**nobody** (proof, before a session)")
    shorted = ("M2 cuts alone", "self-test", "at power-on", "k1:short")
    assert fmea.seen_by(shorted, seen).startswith("at power-on: gate_k1 after 9 ms; before: **nob")
    assert fmea.seen_by(shorted, {}) == "self-test, at power-on | k1:short"


def test_a_pin_without_a_row_is_refused(monkeypatch):
    monkeypatch.setattr(pins_page, "ROWS", pins_page.ROWS[1:])
    with pytest.raises(ValueError, match="differ in TIMER"):
        pins_page.table()


def test_a_type_is_one_line_of_the_order(wand):
    rows = bom.as_csv(wand).splitlines()
    assert sum(int(row.split(",")[0]) for row in rows[1:]) == len(wand.records)
    assert sum("TLP175A" in row for row in rows) == 1
