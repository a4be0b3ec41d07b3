"""The wand keeps its journal: gathered under current, written after it; patch tests offered."""

import json

import pytest
from power import Files, PowerCut
from unix_port import run
from whole_wand import HOLD, TOUCH, Wand

from firmware import faults, logbook, patterns, products, records
from firmware.ring import Ring

VITAMIN_C = products.DEFAULT[0]


def sessions(wand):
    ring = Ring(wand.world.files.get, wand.world.files.__setitem__)
    ring.open()
    return [ring.session(number) for number in ring.numbers()]


def new(world):
    """A wand on which no product had its patch test."""
    for name in (logbook.PATCHED + ".a", logbook.PATCHED + ".b"):
        del world.files[name]


@pytest.mark.req("F-11", "S-13", "F-09")
def test_a_stopped_session_is_written_after_the_output():
    wand = Wand(HOLD, TOUCH)
    writes = []

    class Flash(dict):
        def __setitem__(self, name, content):
            assert not wand.app.output.on and not wand.board.gate()
            writes.append(name)
            super().__setitem__(name, content)

    wand.world.files = Flash(wand.world.files)
    wand.until("treating")
    assert set(writes) == {"rest.a", "rest.b"}  # what it may give, before anything flows: rest.py
    writes.clear()
    wand.run(4)
    assert writes == [] and sessions(wand) == []
    wand.press(0.2)
    wand.until("done")
    wand.run(0.5)
    assert [name for name in writes if "rest" not in name] == ["journal.new", "journal.00"]
    (kept,) = sessions(wand)
    assert (kept["product"], kept["end"], kept["bridge"]) == ("vitamin-c", "stopped", 1)
    assert kept["dose_uc"] == wand.app.treatment.dose.dose_uc > 500
    assert 245 <= kept["peak_ua"] <= 255 and kept["setpoint_ua"] == 250
    assert 5000 < kept["z_last_ohm"] < 300_000
    assert kept["session_ms"] > kept["output_ms"] > 4000
    assert len(kept["series"]) == kept["session_ms"] // 1000
    assert 3800 < kept["battery_start_mv"] < 4000


@pytest.mark.req("F-11", "F-07", "S-20")
def test_lifts_and_the_first_fault_are_kept():
    wand = Wand(HOLD, TOUCH)
    wand.until("treating")
    wand.run(0.5)
    wand.world.lift()
    wand.until("lifted")
    wand.world.touch("hydrated")
    wand.until("treating")
    wand.app._trip(faults.INTERNAL)
    wand.run(3)
    (kept,) = sessions(wand)
    assert (kept["lifts"], kept["end"]) == (1, "fault")
    assert kept["first_fault"] == faults.INTERNAL


@pytest.mark.req("F-04", "F-11", "F-10", "F-01")
def test_patch_test_is_offered_first_and_recorded():
    wand = Wand(HOLD, TOUCH, prepare=new)
    wand.until("ready")
    assert wand.app.product.patch_test and wand.app.display.patch
    assert wand.app.product.electrodes() == VITAMIN_C.electrodes()
    wand.until("treating")
    assert wand.app.output.regulator.setpoint_na <= 100_000
    wand.until("done", within_s=90)
    wand.run(0.5)
    (kept,) = sessions(wand)
    assert (kept["end"], kept["flags"] & 1, kept["setpoint_ua"]) == ("complete", 1, 100)
    assert not wand.app.product.patch_test
    wand.start()  # and it is known after the next power-on
    assert wand.app.product.setpoint_ua == 250
    assert wand.app.logbook.untested(products.DEFAULT[1])


@pytest.mark.req("F-04")
def test_a_stopped_patch_test_is_offered_again_and_a_short_press_declines():
    wand = Wand(HOLD, TOUCH, prepare=new)
    wand.until("treating")
    wand.press(0.2)
    wand.until("done")
    wand.run(0.5)
    assert sessions(wand)[0]["end"] == "stopped" and wand.app.product.patch_test
    wand.press(0.2)  # done -> ready
    wand.press(0.2)
    assert (wand.app.product.id, wand.app.product.patch_test) == ("vitamin-c", False)
    wand.run(0.3)  # sooner, it would go back
    wand.press(0.2)
    assert (wand.app.product.id, wand.app.product.patch_test) == ("hyaluronate", True)


class _Board(Files):
    """Just memory."""


@pytest.mark.req("R-06")
def test_power_cut_at_every_byte_of_the_patch_tests_record():
    before = _Board()
    logbook.save_patched(before, products.DEFAULT[:2])
    old = logbook.load_patched(before)
    cut = 0
    while True:
        trial = before.copy()
        trial.cut_after(cut)
        try:
            new_keys = logbook.save_patched(trial, products.DEFAULT[2:3], old)
        except PowerCut:
            assert logbook.load_patched(trial) in (old, old + [logbook._key(products.DEFAULT[2])])
            cut += 1
            continue
        assert len(new_keys) == 3
        return


@pytest.mark.req("R-07", "F-04")
@pytest.mark.parametrize("payload", [b"x", bytes(27), b"\xff" * 26])
def test_hostile_record_of_patch_tests_offers_them_again(payload):
    board = _Board()
    records.save(board.read, board.write, logbook.PATCHED, records.PATCHED, 1, payload)
    book = logbook.Logbook(board)
    assert book.untested(VITAMIN_C)
    changed = products.Product("vitamin-c", "x", 100, 250, 75_000, 300)
    assert logbook.save_patched(board, (VITAMIN_C, changed), ()) != []
    keys = logbook.save_patched(board, [products.Product(f"p{i}", "p", -100, 250, 0, 60)
                                        for i in range(40)])  # fmt: skip
    assert len(keys) == 32


@pytest.mark.req("F-09", "F-10")
def test_rising_impedance_asks_for_gel():
    wand = Wand(HOLD, TOUCH)
    wand.until("treating")
    wand.run(1)
    wand.app.treatment.impedance.rising = True
    assert wand.app.treatment.quality == patterns.RISING
    assert "gel" in patterns.row(patterns.row_key("treating", -1, patterns.RISING, 0))[1]


@pytest.mark.req("F-04", "F-11")
def test_unix_port_runs_the_offered_patch_test_and_keeps_it():
    source = (
        "import sys, json\n"
        "sys.path.append('tools/ionwand/simulation/guest')\n"
        "import job\n"
        "from firmware import app, session, ring\n"
        "from hal.sim.board import SimBoard\n"
        "world = job.prepare({'product': 'magnesium', 'new': True, 'duration_s': 90, 'events': [\n"
        "    {'at_s': 2.0, 'press_s': 2.0}, {'at_s': 6.0, 'touch': 'hydrated'},\n"
        "    {'at_s': 12.0, 'press_s': 0.2}]})\n"
        "wand = app.App(SimBoard(world))\n"
        "while world.now_us < 16000000:\n"
        "    wand.board.sleep_until(wand.board.ticks_ms() + 5)\n"
        "    wand.tick(wand.board.ticks_ms())\n"
        "kept = ring.Ring(world.files.get, world.files.__setitem__)\n"
        "kept.open()\n"
        "print(json.dumps(kept.session(1)))\n"
    )
    kept = json.loads(run(source, heap="8m"))
    assert (kept["product"], kept["bridge"], kept["end"]) == ("magnesium", 2, "stopped")
    assert kept["flags"] & 1 and kept["setpoint_ua"] == 100 and kept["dose_uc"] > 100


@pytest.mark.req("F-09")
def test_impedance_is_the_plants_within_one_percent():
    wand = Wand(HOLD, {"at_s": 5.0, "touch": "resistor:33000"})
    wand.until("treating")
    wand.run(2.5)
    assert wand.app.treatment.impedance.z_ohm == pytest.approx(33_000, rel=0.01)
