"""What the campaign cannot see at once: is it found before the next treatment? [S-15]

Each fault stands when the wand is switched on, or comes while it is ready and somebody arms.
Prints by what name it is found, and says plainly which faults are found by neither. `--pairs`: two
faults in one session, the first of them unseen (latent_pairs.py).
"""

import sys

import forking
import latent_pairs
import paths
import verdict

from hal.sim import faults  # isort: skip


class Ended:
    """Observer: the first fault's name, and where the session went."""

    def __init__(self, world):
        self.world, self.board, self.name, self.states = world, None, "", []

    def attach(self, board):
        self.board = board

    def edge(self):
        pass

    def tick(self, status):
        state = forking.STATES[status[forking.display.ST_STATE]]
        if not self.states or self.states[-1] != state:
            self.states.append(state)
        if status[forking.display.ST_FIRST] and not self.name:
            self.name = forking.faults.name(status[forking.display.ST_FIRST])


def find(name, at_s, until_s=10.5):
    """(fault's name or "", states) where it strikes at `at_s`."""
    events = ({"at_s": 2.0, "press_s": 1.8}, {"at_s": 7.0, "touch": "hydrated"},
              {"at_s": at_s, "fault": name}, {"at_s": until_s, "end": True})  # fmt: skip
    world = forking.sim.World(events=events)
    files = forking.simulated.Files(world.files)
    forking.store.save_calibration(files, forking.calibration.NOMINAL)
    if name == "bridge_stuck_1":  # the sign that it turns
        catalogue, _ = forking.store.load_catalogue(files)
        forking.logbook.save_patched(files, catalogue)
        forking.store.save_choice(files, next(p for p in catalogue if p.id == "magnesium"))
    world.observer = Ended(world)
    forking.sim.install(world)
    code = compile((paths.ROOT / "main.py").read_text(), "main.py", "exec")
    forking.simulated.run(world, lambda: exec(code, {"__name__": "__main__"}))
    return world.observer.name, world.observer.states


def main():
    print("%-20s %-28s %s" % ("fault", "at power-on", "while ready, then armed"))
    wrong = []
    for name in faults.NAMES:
        cells = []
        for at_s, until_s in ((0.0, 10.5), (1.9, 25.0)):
            found, states = find(name, at_s, until_s)
            cells.append("%s (%s)" % (found or "-", states[-1]))
            if (found and found not in verdict.NAMES[name]) or not (found or at_s):
                wrong.append("%s shows as %s" % (name, found or "nothing at power-on"))
        print("%-20s %-28s %s" % (name, *cells))
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(latent_pairs.main(sys.argv[2:]) if sys.argv[1:2] == ["--pairs"] else main())
