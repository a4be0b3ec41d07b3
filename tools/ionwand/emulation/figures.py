"""P-01 to P-08 on the emulated RP2040, and two usual designs beside the guard.

One treatment runs on; every so often a forked copy of the emulator gets the disturbance, so that
its phase to guard, tick and garbage collection is random. Figures are emulated time, with the
flash cache and both cores; what is not in them is listed in docs/hardware.md.
"""

import random
import statistics

from firmware.session import STATES
from hal.rp2 import pins
from ionwand.emulation import disk, exits, session
from ionwand.emulation.chip import Chip
from ionwand.emulation.guest import orders
from ionwand.release import build

_OVER = (1390, 3450)  # 556 and 557 µA: just over, so that all four samples count
_PASSES_MS = 100
_QUIET = (248, 620, 900, 1600)


def trials(chip, count, prepare, gap_us=(600, 1900), patience_ms=5, seed=1):
    """µs from `prepare(chip)` to GATE low, `count` times in copies of a running chip."""
    chance = random.Random(seed)
    results = []
    running = []
    for _ in range(count):
        chip.run(chance.uniform(*gap_us) / 1e3)
        running.append(exits.fork(chip, lambda copy: _trial(copy, prepare, patience_ms)))
        if len(running) >= 2:
            results.append(exits.collect(*running.pop(0)))
    results += [exits.collect(*pair) for pair in running]
    bad = [result for result in results if isinstance(result, dict)]
    if bad:
        raise RuntimeError(f"{len(bad)} of {count} trials: {bad[0]['error']}")
    return results


def _trial(chip, prepare, patience_ms):
    fell = []
    chip.listen(pins.GATE, lambda level: fell.append(chip.now) if level != 1 else None)
    since = chip.now
    prepare(chip)
    chip.wait(patience_ms, lambda: bool(fell), "fall of the gate")
    return (fell[0] - since) / 1e3


def summary(figures):
    """min, median, worst, n."""
    return (min(figures), statistics.median(figures), max(figures), len(figures))


def _comparator(chip):
    """The pin rises and stays up, whatever the plant's own latch does."""
    plain = chip.drive
    plain(pins.COMPARATOR, 1)
    chip.drive = lambda pin, level: None if pin == pins.COMPARATOR else plain(pin, level)


def _over(chip):
    """Both senses jump at the converter's pins, whatever the plant does; nothing else does."""
    chip.ring.set(_OVER + chip.ring.codes[2:])
    chip.ring.set = lambda codes: None


def ticks(bench, report):
    """P-06, before anybody makes garbage in them."""
    at = bench.orders_at
    bench.wand.chip.run(500)
    took = [us for us in bench.wand.words(at, 200)[10:160] if us]
    report("P-06", "CPU in a tick, contact to treating", "µs", summary(took), 2500)


def guarded(bench, count, report):
    """P-01, P-02, P-04, P-08 from one treatment, garbage being made in it all the time."""
    wand = bench.wand
    chip = wand.chip
    at = bench.orders_at
    bench.order(orders.LOOK)
    chip.run(1000)
    quiet = wand.words(at, 200)
    report("P-06", "bytes allocated in the worst tick", "B", (quiet[2],) * 3 + (quiet[5],), 0)
    report("P-08", "free heap after start", "B", (quiet[3],) * 3 + (1,), 120 * 1024)
    bench.order(orders.GARBAGE)
    chip.run(5)
    some = max(20, count // 10)
    report("P-01", "comparator pin to gate", "µs", summary(trials(chip, some, _comparator)), 5)

    report("P-04", "lift to gate, 100 µA", "µs", summary(lifts(bench, some)), 3000)
    over = summary(trials(chip, count, _over))
    report("P-02", "over-current to gate", "µs", over, 60)
    report("P-02", "its charge at 556 µA", "nC", [us * 0.556 for us in over[:3]] + [over[3]], 60)


def lifts(bench, count):
    def lift(copy):
        bench.wand.world.lift()
        bench.wand.sync()

    return trials(bench.wand.chip, count, lift)


def strong(uf2, count, report):
    """P-04 at a treatment's usual current."""
    bench = exits.Bench(uf2, "vitamin-c")
    report("P-04", "lift to gate, 250 µA", "µs", summary(lifts(bench, count)), 400)


def dead_man(bench, report):
    """P-05: from the last feed to the fall of the output, for each way of not feeding."""
    ways = ("main_loop_hangs", "interrupts_disabled", "soft_reset", "guard_hangs")
    for name, result in exits.run(None, ways, bench=bench).items():
        if name in ways:
            taken = result["after_feed_us"]
            report("P-05", f"last feed to output off, {name}", "µs", (taken,) * 3 + (1,), 3300)
            if name == "main_loop_hangs":
                taken = result["off_us"]
                report("P-05", "hang to output off", "µs", (taken,) * 3 + (1,), 108_300)


def console(uf2):
    """A chip with our files and no program running."""
    files = disk.compiled()
    files["main.py"] = b""
    files.update(session.records(None))
    chip = Chip(uf2, disk.littlefs(files))
    chip.run(100)
    chip.send(b"\r\n")
    chip.run(20)
    chip.raw()
    chip.ring.set(_QUIET)
    return chip


def guard_pass(bench, report):
    """P-03: from one pass of the guard to the next, garbage being made and collected beside it.

    The loop never waits, so this is what a pass takes.
    """
    chip = bench.wand.chip
    bench.order(orders.GARBAGE)
    begun = []
    chip.ring.looked = lambda: begun.append(chip.now / 1e3)
    flash = chip.core_1.hook.flash_1
    chip.run(_PASSES_MS)
    chip.ring.looked = lambda: None
    flash = chip.core_1.hook.flash_1 - flash
    figures = [after - before for before, after in zip(begun, begun[1:])]
    report("P-03", "guard's pass", "µs", summary(figures), 15)
    report("P-03", "its accesses to flash", "", (flash,) * 3 + (len(figures),), 0)
    bench.order(0)
    chip.run(5)


def baselines(uf2, count, report):
    source = (exits.session.DEEP.with_name("baseline.py")).read_text()
    for way, name in (("asyncio", "asyncio loop, 1 ms"), ("timer", "soft machine.Timer, 1 kHz")):
        chip = console(uf2)
        chip.start(f"WAY = {way!r}\n" + source)
        chip.wait(2000, lambda chip=chip: chip.level(pins.GATE) == 1, "baseline")
        chip.run(20)
        figures = trials(chip, count, _over, gap_us=(2000, 20_000), patience_ms=100)
        report("base", f"over-current to gate, {name}", "µs", summary(figures), None)


def start(uf2, slots, report):
    """P-07: from reset to the end of boot.py, and to READY, electrodes open."""
    job = {"product": "vitamin-c", "duration_s": 10, "events": []}
    wand = session.wand(uf2, job, slots=slots)
    chip = wand.chip
    booted = []
    chip.listen(pins.LATCH_RESET, lambda level: booted.append(wand.now_us))
    ready = STATES.index("ready")
    tested = STATES.index("selftest")
    chip.wait(1500, lambda: bool(wand.status), "first tick")
    first_us = wand.now_us
    chip.wait(3000, lambda: wand.status[0] != tested, "end of the self-test")
    if wand.status[0] != ready:
        raise RuntimeError(f"not ready: {STATES[wand.status[0]]}, {wand.snapshot}")
    flashed = f"{len(slots)} slot{'s' * (len(slots) > 1)}"
    for what, at_us, limit in (
        ("reset to boot.py done", booted[0], 100_000),
        ("reset to the first tick", first_us, None),
        ("reset to ready", wand.now_us, 1_500_000),
    ):
        report("P-07", f"{what}, {flashed}", "µs", (at_us,) * 3 + (1,), limit)


def run(uf2, count, report):
    """All of it. `report(id, what, unit, (min, median, worst, n), limit)`."""
    files = disk.compiled()
    size = sum(len(data) for name, data in files.items() if name.endswith(".mpy"))
    report("P-08", ".mpy files in all", "B", (size,) * 3 + (1,), build.MPY_MAX_BYTES)
    for slots in ("a", "ab"):
        start(uf2, slots, report)
    treatment = exits.Bench(uf2)
    ticks(treatment, report)
    guard_pass(treatment, report)
    dead_man(treatment, report)
    guarded(treatment, count, report)
    strong(uf2, max(20, count // 10), report)
    baselines(uf2, max(20, count // 5), report)
