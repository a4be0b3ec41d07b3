"""A simulated session from a job: world, wand and trace; main.py runs unchanged in it.

A job is a script as ionwand's host side has checked it: {product, skin, new, duration_s,
events, seed, parts, trace}. Runs on CPython, on MicroPython and in the browser.
"""

from recorder import Recorder

from firmware import logbook, store
from hal.sim import world as sim
from hal.sim.board import WatchdogReset
from hal.sim.noise import Noise
from hal.sim.parts import Parts

IDENTITY = b"SIMULATE"


class Files:
    """Flash of a new wand, for firmware/store.py."""

    def __init__(self, files):
        self.read = files.get
        self.write = files.__setitem__

    def identity(self):
        return IDENTITY


def calibrate(parts):
    """The coefficients that a perfect bench would find for a wand of these parts."""
    code_v = 125e-6 / parts.precise_gain
    return (
        round(2 * parts.dac_ref_v * parts.dac_gain * parts.set_ratio / 65536 / parts.r_set * 1e12),
        round((parts.dac_offset_v * parts.set_ratio + parts.op_offset_v) / parts.r_set * 1e9),
        round(code_v / parts.r_set * 1e12),
        round(-parts.precise_offset_v / parts.precise_gain / parts.r_set * 1e9),
        round(code_v / parts.div_e1 * 1e6),
        round((parts.div_e1 / parts.div_e2 - 1) * 1e6),
        0,
        round(code_v / parts.div_rail * 1e6),
    )


def prepare(job, write=None):
    """Install the job's world with a calibrated wand that has the job's product chosen."""
    parts = Parts() if job.get("parts") is None else Parts.random(job["parts"])
    if job.get("c_out_f"):
        parts.c_out = job["c_out_f"]
    events = list(job.get("events", ())) + [{"at_s": job["duration_s"], "end": True}]
    seed = job.get("seed") or 0
    level = job.get("noise", 1.0)
    noise = Noise(seed, level) if level else None
    world = sim.World(parts, seed, events, job.get("motion") or "still", noise)
    world.files.update(job.get("files") or {})  # flash of a wand that has been in use
    files = Files(world.files)
    store.save_calibration(files, calibrate(parts))
    catalogue, _ = store.load_catalogue(files)
    if not job.get("new"):  # a wand in use; a new one offers each product's patch test first
        logbook.save_patched(files, catalogue)
    for product in catalogue:
        if product.id == job.get("product"):
            store.save_choice(files, product)
    world.observer = Recorder(world, write)
    sim.install(world)
    return world


def run(world, execute):
    """`execute()` runs main.py once; again after each watchdog reset, until time is up."""
    while True:
        try:
            execute()
            return
        except WatchdogReset:
            pass
        except sim.TimeIsUp:
            return
