"""The wand's own firmware, from factory image to treatment, update and rollback, on the
emulated RP2040.

Some fifteen emulated seconds, many minutes of a processor: only with IONWAND_SLOW=1.
"""

import os

import pytest
import standin
from click.testing import CliRunner

from ionwand import cli
from ionwand.device import source
from ionwand.errors import BadInput
from ionwand.release import build as builder
from ionwand.release import flash, image
from ionwand.simulation import script, simulate

pytest.importorskip("rp2040py", reason="the emulator is not installed (pip install rp2040py)")
from ionwand.emulation import disk as where  # noqa: E402

try:
    UF2 = where.find()
except BadInput as error:
    pytest.skip(str(error), allow_module_level=True)
if os.environ.get("IONWAND_SLOW") != "1":
    pytest.skip("takes minutes: set IONWAND_SLOW=1", allow_module_level=True)

import emulated_link  # noqa: E402
from recorder import Recorder  # noqa: E402

from firmware import calibration, display, faults, treatment  # noqa: E402
from hal.sim import world as sim  # noqa: E402
from ionwand.emulation import session  # noqa: E402
from ionwand.emulation.wand_on_chip import Wand  # noqa: E402

TICKS_MS = 30  # past check_files(), which the self-test does in its second tick


def _tell(*what):
    print(*what, flush=True)


def _works(wand):
    """From here until the app has published its status for a while, without a fault."""
    wand.chip.mcu.sio.interp1.base1 = 0
    begin = wand.chip.now
    assert wand.run(3000, lambda: wand.status is not None), bytes(wand.chip.console[-400:])
    first = wand.chip.now
    wand.run(TICKS_MS)
    status = wand.status
    _tell("first tick after", (first - begin) / 1e6, "ms", status[: display.ST_FIRST + 1])
    assert status[display.ST_FAULTS] == 0


@pytest.mark.req("S-12", "S-15", "P-07")
def test_the_wand_is_made_updated_and_rolled_back(root):
    build = builder.make(root)
    files = image.factory(build)
    before = standin.other(build, "0.0.9")  # so that little has to be copied
    files.update({f"b/{name}": data for name, data in before.everything().items()})
    files.update(session.records("vitamin-c"))
    wand = Wand(UF2, sim.World(), files)
    _works(wand)
    said = []
    link = emulated_link.connect(wand.chip)
    assert link.ask("(sys.path[0], board.gate(), board.read_dac())") == ("a", False, 0)
    flash.prepare(link)
    begin = wand.chip.now
    flash.update(link, standin.other(build, "9.9.9"), said.append)
    _tell(said[-1], (wand.chip.now - begin) / 1e6, "ms")
    link.restart()
    wand.run(30)
    _works(wand)
    link = emulated_link.connect(wand.chip)
    assert link.ask("sys.path[0]") == "b"
    flash.prepare(link)
    flash.rollback(link, said.append)
    assert link.ask("(in_use(), check('a'))") == ("a", None)
    assert not wand.enabled
    _tell(said[-1])


@pytest.mark.req("S-12", "S-15", "S-17", "F-03")
def test_an_image_boots_is_calibrated_and_treats(tmp_path):
    """`ionwand image` to one file, nothing but that on the chip, and a shortened treatment."""
    path = tmp_path / "wand.uf2"
    made = CliRunner().invoke(cli.main, ["image", "--micropython", str(UF2), "-o", str(path)])
    assert made.exit_code == 0, made.output
    chosen = script.load(source.SCENARIOS / "emulated.toml")
    job = simulate.make_job(chosen)
    world = sim.World(seed=job["seed"] or 0)
    world.observer = Recorder(world)
    wand = Wand(path, world, None)
    # A new wand says that it was never calibrated, and treats nobody.
    assert wand.run(3000, lambda: wand.status and wand.status[display.ST_FAULTS])
    assert faults.names(wand.status[display.ST_FAULTS]) == ["calibration"]
    link = emulated_link.connect(wand.chip)
    link.run("from firmware import console, logbook, products")
    link.run(f"console.set_calibration({calibration.NOMINAL!r})")
    link.run("logbook.save_patched(board, products.DEFAULT)")
    world.observer.failed = ""
    link.restart()
    begin_us = world.now_us + 300_000  # a slot's loader takes longer than files beside main.py
    for event in job["events"]:
        world.plan({**event, "at_s": event["at_s"] + begin_us / 1e6})
    wand.chip.mcu.sio.interp1.base1 = 0
    with pytest.raises(sim.TimeIsUp):
        world.plan({"at_s": begin_us / 1e6 + job["duration_s"], "end": True})
        wand.run(10_000)
    summary = world.observer.summary()
    _tell(summary)
    assert summary["end"] == chosen.expect_end and summary["fault"] == ""
    assert wand.status[display.ST_FAULTS] == 0 and not wand.enabled
    assert treatment.ENDS[wand.status[display.ST_END]] == "stopped"
