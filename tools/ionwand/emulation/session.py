"""Sessions on the emulated wand: a job as the simulated wand takes it, or a deep start."""

import sys
from pathlib import Path

from ionwand import simulation
from ionwand.device import source
from ionwand.emulation import disk
from ionwand.emulation.wand_on_chip import Wand
from ionwand.release import build

source._importable()
if str(simulation.GUEST) not in sys.path:
    sys.path.append(str(simulation.GUEST))

from recorder import Recorder  # noqa: E402

from firmware import calibration, logbook, store  # noqa: E402
from hal.sim import world as sim  # noqa: E402
from hal.sim.parts import Parts  # noqa: E402

IDENTITY = b"\xff" * 8  # what the emulated flash answers
DEEP = Path(__file__).with_name("guest") / "deep.py"


class _Flash:
    """Records of a new wand, for firmware/store.py."""

    def __init__(self):
        self.files = {}
        self.read = self.files.get
        self.write = self.files.__setitem__

    def identity(self):
        return IDENTITY


def records(product):
    """Files of a calibrated wand with this product chosen."""
    flash = _Flash()
    store.save_calibration(flash, calibration.NOMINAL)
    logbook.save_patched(flash, store.load_catalogue(flash)[0])
    for entry in store.load_catalogue(flash)[0]:
        if entry.id == product:
            store.save_choice(flash, entry)
    return {f"records/{name}": bytes(content) for name, content in flash.files.items()}


def wand(uf2, job, write=None, deep=False, slots="a", more=()):
    """The emulated wand of a job {product, events, duration_s, seed, parts}, at power-on.

    `slots`: which of them hold the firmware, the first is in use; "" for none, as in a checkout,
    which has less memory in one piece. `more`: other files that are there.
    """
    parts = Parts() if job.get("parts") is None else Parts.random(job["parts"])
    events = list(job.get("events", ())) + [{"at_s": job["duration_s"], "end": True}]
    world = sim.World(parts, job.get("seed") or 0, events)
    world.observer = Recorder(world, write)
    files = disk.slots(slots) if slots else disk.compiled()
    if deep:
        main, last, rest = files["main.py"].rpartition(b"App(board).run()\n")
        assert last and not rest, "main.py ends otherwise"
        files["main.py"] = main + build.fitting(DEEP.read_text()).encode()
    files.update(records(job.get("product")))
    files.update(more)
    return Wand(uf2, world, files)


def run(uf2, job, write=None):
    """A whole job; returns the recorder's summary."""
    return finish(wand(uf2, job, write))


def finish(emulated):
    """On to the job's end; the recorder's summary."""
    try:
        while True:
            emulated.run(100)
    except sim.TimeIsUp:
        return emulated.world.observer.summary()
