"""Every fault by name (hal/sim/breaking.py): who sees it, when, and what reached the person.

Each is there at power-on, comes while the wand is ready and somebody arms, as the current begins
to rise, and in the middle of a treatment that is stopped at 17.5 s: four runs on the simulated
wand, with noise. "refused"
is the wand's word to who arms on skin, or on what it takes for skin. The table goes to
docs/safety.md, without the drifts of 5 and 10 %; what nobody finds says so. With words after it
only the rows whose names hold one of them are made, and printed.
"""

import multiprocessing
import sys

import forking
import paths

from hal.sim import breaking, faults  # isort: skip
from hal.sim.noise import Noise  # isort: skip

PAGE = paths.ROOT / "docs/safety.md"
BEGIN, END = "<!-- faults: made by tools/proof/fault_table.py -->", "<!-- end of faults -->"
AT_S = {"at power-on": 0.0, "before a session": 2.2, "as skin is met": 8.5, "in a session": 11.5}
_SCRIPT = ({"at_s": 2.5, "press_s": 1.7}, {"at_s": 7.5, "touch": "hydrated"})
_STOP_S, _END_S = 17.5, 19.5
_ARMED_S = 5.0
_OWN_UC = 20.0


class Watcher:
    """Observer: the first name, and what flowed through the skin against what was counted."""

    def __init__(self, world, at_s):
        self.world, self.at_us = world, round(at_s * 1e6)
        self.board, self.name, self.named_us, self.status = None, "", 0, None
        self.peak_ua, self.wrong_uc, self.flowed = 0.0, 0.0, False

    def attach(self, board):
        self.board = board

    def edge(self):
        pass

    def tick(self, status):
        self.status = status
        plant = self.world.plant
        now_us = self.world.now_us
        if now_us < self.at_us:
            plant.i_peak_a = 0.0
            return
        self.peak_ua = max(self.peak_ua, plant.i_peak_a * 1e6)
        plant.i_peak_a = 0.0
        asked = self.board._plant.bridge
        if plant.i_load_a > 1e-6 and asked and (plant.i_active_a < 0.0) != (asked == 1):
            self.wrong_uc += plant.i_load_a * 5e3
        if status[forking.display.ST_FIRST] and not self.name:
            self.name = forking.faults.name(status[forking.display.ST_FIRST])
            self.named_us = now_us
        if forking.STATES[status[forking.display.ST_STATE]] == "refused" and not self.name:
            self.name, self.named_us = "refused", now_us


def run(task):
    """(name, column, what the cell says)."""
    name, column = task
    at_s = AT_S[column]
    events = (*_SCRIPT, {"at_s": at_s, "fault": name}, {"at_s": _STOP_S, "press_s": 0.1},
              {"at_s": _END_S, "end": True})  # fmt: skip
    world = forking.sim.World(events=events, noise=Noise(1))
    files = forking.simulated.Files(world.files)
    forking.store.save_calibration(files, forking.calibration.NOMINAL)
    catalogue, _ = forking.store.load_catalogue(files)
    forking.logbook.save_patched(files, catalogue)
    # The sign that a stuck bridge turns.
    wanted = "magnesium" if name.endswith("stuck_1") else "vitamin-c"
    if "bridge:stuck" in name and at_s > _ARMED_S:  # it sticks where it lies
        wanted = "vitamin-c" if wanted == "magnesium" else "magnesium"
    for product in catalogue:
        if product.id == wanted:
            forking.store.save_choice(files, product)
    watcher = world.observer = Watcher(world, at_s)
    forking.sim.install(world)
    code = compile((paths.ROOT / "main.py").read_text(), "main.py", "exec")
    error = ""
    try:
        forking.simulated.run(world, lambda: exec(code, {"__name__": "__main__"}))
    except Exception as problem:
        error = repr(problem)
    world.plant._pay()
    return name, column, _cell(world, watcher, error)


def _cell(world, watcher, error):
    if error:
        return "EXCEPTION " + error
    said = []
    if watcher.name:
        said.append("%s after %.0f ms" % (watcher.name, (watcher.named_us - watcher.at_us) / 1e3))
    else:
        said.append("**nobody**")
    counted_uc = watcher.status[forking.display.ST_DOSE_UC]
    got_uc = world.plant.skin_charge_c * 1e6
    if watcher.peak_ua >= 1.0:
        said.append("%.0f µA" % watcher.peak_ua)
    if counted_uc > 100 and abs(counted_uc - got_uc) > 0.02 * counted_uc + 2:
        said.append("%d µC counted, %d got" % (counted_uc, got_uc))
    # Skin that empties itself through a leak drives a few µC backwards: nobody's sign is wrong.
    if watcher.wrong_uc > _OWN_UC:
        said.append("**wrong sign %.0f µC**" % watcher.wrong_uc)
    return ", ".join(said)


def table(names, jobs=2):
    """Lines of a markdown table, one a fault."""
    tasks = [(name, column) for name in names for column in AT_S]
    cells = {}
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        for name, column, said in pool.imap_unordered(run, tasks):
            cells[name, column] = said
            print(name, column, said, sep=" | ", file=sys.stderr, flush=True)
    lines = ["| fault | " + " | ".join(AT_S) + " |", "|---" * (1 + len(AT_S)) + "|"]
    lines += ["| %s | %s |" % (name, " | ".join(cells[name, column] for column in AT_S))
              for name in names]  # fmt: skip
    return lines


def main(words):
    small = ("-5%", "+5%", "10%")
    names = [name for name in breaking.names()
             if (any(word in name for word in words) if words else not name.endswith(small))]
    assert set(names) <= set(faults.ALL)
    lines = table(names)
    if words:
        print("\n".join(lines))
        return
    head, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    tail = rest.split(END)[1]
    PAGE.write_text("%s%s\n%s\n%s%s" % (head, BEGIN, "\n".join(lines), END, tail),
                    encoding="utf-8")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
