"""A simulated session that splits: at chosen instants one process goes on for each fault.

main.py runs unchanged from power-on, by button and skin alone. At an instant the process forks;
the child breaks one thing in the middle of whatever was going on, watches what follows and hands
back one row, the parent goes on unharmed. So every trial starts from a real state, at no cost.
"""

import gc
import json
import os

import paths

import job as simulated  # isort: skip
from firmware import calibration, display, faults, logbook, store
from firmware.guard import RQ_SETPOINT_UA, SN_FIRST
from firmware.session import STATES
from hal.sim import world as sim
from hal.sim.noise import Noise
from hal.sim.parts import Parts

BLEED_OHM = 100e3
EARLY_US = 100  # R-01 judges the current from here on
STOP_AFTER_US = 200_000  # nothing seen until here: the person stops
WATCH_US = 2_000_000  # and this is how long a trial is watched at most
AFTER_US = 25_000  # goes on for so long once a fault has its name
# What flows in health counts as no excess: 2 % and 2 µA [F-05].
ALLOWED_GAIN = 1.02
ALLOWED_UA = 2.0
_FINE_US = 250
_FINE_FOR_US = 12_000

# A session that comes through every state: hold to arm, touch, lift, touch again, stop.
SCRIPT = (
    {"at_s": 2.0, "press_s": 2.0},
    {"at_s": 5.0, "touch": None},
    {"at_s": 12.0, "lift": True},
    {"at_s": 13.0, "touch": None},
    {"at_s": 18.0, "press_s": 0.1},
)
SCRIPT_S = 20.0


class Forking(sim.World):
    """`marks`: instants in µs. `trial(world)` in a child begins it; its row goes to `sink`."""

    def __init__(self, parts, seed, events, marks=(), breaks=(), sink=None):
        marked = [{"at_s": at_us / 1e6, "mark": at_us} for at_us in marks]
        super().__init__(parts, seed, tuple(events) + tuple(marked), noise=Noise(seed))
        self.breaks = breaks
        self.sink = sink
        self.trial = None

    def apply(self, event):
        if "mark" in event:
            self._split()
        elif "sample" in event:
            self.trial.sample()
        else:
            super().apply(event)

    def _split(self):
        for names in self.breaks:
            reader, writer = os.pipe()
            child = os.fork()
            if not child:
                os.close(reader)
                self.trial = Trial(self, names, writer)
                return
            os.close(writer)
            with os.fdopen(reader) as pipe:
                text = pipe.read()
            os.waitpid(child, 0)
            if not text:
                raise RuntimeError("trial %s at %d us died" % (names, self.now_us))
            self.sink(json.loads(text))

    def run_events(self):
        super().run_events()
        if self.trial is not None and self.trial.over():
            raise sim.TimeIsUp


class Trial:
    """One fault, or several, from its instant to its end. Replaces the world's observer."""

    def __init__(self, world, names, pipe):
        self.world = world
        self.pipe = pipe
        self.board = world.observer.board
        self.status = world.observer.status
        plant = world.plant
        plant._pay()
        self.begin_us = begin_us = world.now_us
        self.gate = self.board.gate()
        # The plant's peak is that of the whole step before this instant.
        plant.i_peak_a = 0.0
        self.early_ua = self.peak_ua = 0.0
        self.excess_uc = self.discharge_uc = self.source_ua = self.discharge_ua = 0.0
        self.off_us = -1 if self.gate else 0
        self.name = ""
        self.named_us = -1
        self.internal = False
        self.row = {
            "faults": names,
            "at_us": begin_us,
            "state": STATES[self.status[display.ST_STATE]],
            "setpoint_ua": self.board._request[RQ_SETPOINT_UA],
            "gate": int(self.gate),
            "before_ua": round(plant.i_load_a * 1e6, 2),
        }
        world.observer = self
        times = list(range(_FINE_US, _FINE_FOR_US, _FINE_US)) + [EARLY_US]
        # Only at an event it is asked whether the trial is over: the last one ends it for certain.
        times += [*range(_FINE_FOR_US, WATCH_US, 5000), WATCH_US]
        events = [(begin_us + at_us, 0, {"sample": at_us}) for at_us in sorted(times)]
        events.append((begin_us + STOP_AFTER_US, 1, {"press_s": 0.1}))
        world._events = sorted(events, key=lambda event: event[:2])
        world._release_us = sim.NEVER
        world.panel.pressed = False
        for name in names:
            world.inject(name)
        plant.dac_v = world.dac.volts()
        plant.advance(0)
        self._mark()

    def _mark(self):
        plant = self.world.plant
        self._charge_c = plant.skin_charge_c
        self._seen_us = self.world.now_us
        self._volts = abs(plant.e1_v - plant.e2_v)
        self._setpoint_ua = self._asked_ua()
        self._backward = plant.i_active_a * plant._sign < 0.0

    def _asked_ua(self):
        request = self.board._request  # None: a board after a reset that has no guard yet
        return 0 if request is None else request[RQ_SETPOINT_UA]

    def sample(self):
        """Charge since the last sample against what may have flowed."""
        plant = self.world.plant
        plant._pay()
        now_us = self.world.now_us
        age_us = now_us - self.begin_us
        peak_ua = plant.i_peak_a * 1e6
        plant.i_peak_a = 0.0
        # A skin that empties itself through a short drives current backwards. Where the sign
        # has changed since the last sample, all of it counts as driven.
        backward = self._backward and plant.i_active_a * plant._sign < 0.0
        charge_uc = (plant.skin_charge_c - self._charge_c) * 1e6
        dt_s = (now_us - self._seen_us) * 1e-6
        setpoint_ua = max(self._setpoint_ua, self._asked_ua())
        most_ua = ALLOWED_GAIN * setpoint_ua + ALLOWED_UA
        if not self.board.gate():
            volts = max(self._volts, abs(plant.e1_v - plant.e2_v))
            most_ua += 1.05 * volts / BLEED_OHM * 1e6
        more_uc = max(0.0, charge_uc - most_ua * dt_s)
        self._mark()
        if backward:
            self.discharge_uc += more_uc
            self.discharge_ua = max(self.discharge_ua, peak_ua)
        else:
            self.excess_uc += more_uc
            if age_us <= EARLY_US:
                self.early_ua = max(self.early_ua, peak_ua)
            else:
                self.peak_ua = max(self.peak_ua, peak_ua)
        source_ua = plant.net.i_b * 1e6
        if age_us > EARLY_US:
            self.source_ua = max(self.source_ua, source_ua)

    def attach(self, board):
        """A board after a reset."""
        self.board = board

    def edge(self):
        if self.off_us < 0 and not self.board.gate():
            self.off_us = self.world.now_us - self.begin_us
            self.sample()

    def tick(self, status):
        self.status = status
        first = status[display.ST_FIRST]
        if not first and self.board._snapshot is not None:
            first = self.board._snapshot[SN_FIRST]
            # It is being tried, or was as the person stopped: what the wand makes of it is above.
            if STATES[status[display.ST_STATE]] in ("proving", "done"):
                first &= ~faults.COMPARATOR
        if status[display.ST_FAULTS] & faults.INTERNAL:
            self.internal = True
        if first and not self.name:
            self.name = faults.name(first)
            self.named_us = self.world.now_us - self.begin_us

    def over(self):
        age_us = self.world.now_us - self.begin_us
        if age_us >= WATCH_US:
            return True
        if self.name and age_us >= self.named_us + AFTER_US:
            return True
        done = STATES[self.status[display.ST_STATE]] in ("done", "refused", "ready")
        return done and age_us > STOP_AFTER_US and not self.board.gate()

    def finish(self, error=""):
        """The row, to the parent; this process ends."""
        if not error:
            self.sample()
        row = self.row
        row.update(
            name=self.name,
            named_ms=round(self.named_us / 1000, 2),
            off_us=self.off_us,
            gate_after=int(self.board.gate()),
            state_after=STATES[self.status[display.ST_STATE]],
            early_ua=round(self.early_ua, 2),
            peak_ua=round(self.peak_ua, 2),
            source_ua=round(self.source_ua, 2),
            excess_uc=round(self.excess_uc, 5),
            discharge_ua=round(self.discharge_ua, 2),
            discharge_uc=round(self.discharge_uc, 4),
            error=error or ("internal" if self.internal else ""),
        )
        os.write(self.pipe, json.dumps(row).encode())
        os._exit(0)


class Watcher:
    """The parent's observer: in which state the session was when."""

    def __init__(self, world):
        self._world = world
        self.board = None
        self.status = [0] * display.ST_SIZE
        self.spans = []  # [state, gate, from_us, to_us]

    def attach(self, board):
        self.board = board

    def edge(self):
        self._see()

    def tick(self, status):
        self.status = status
        self._see()

    def _see(self):
        now_us = self._world.now_us
        key = (STATES[self.status[display.ST_STATE]], self.board.gate())
        if self.spans:
            self.spans[-1][3] = now_us
        if not self.spans or self.spans[-1][:2] != list(key):
            self.spans.append([key[0], key[1], now_us, now_us])


def session(product, skin, seed=0, parts=None, marks=(), breaks=(), sink=None, script=SCRIPT):
    """Run the session; returns its spans of (state, gate). Rows of the trials go to `sink`."""
    events = [dict(event, touch=skin) if "touch" in event else event for event in script]
    events.append({"at_s": SCRIPT_S, "end": True})
    parts = Parts() if parts is None else Parts.random(parts)
    world = Forking(parts, seed, events, marks, breaks, sink)
    files = simulated.Files(world.files)
    store.save_calibration(files, calibration.NOMINAL)
    catalogue, _ = store.load_catalogue(files)
    logbook.save_patched(files, catalogue)
    for entry in catalogue:
        if entry.id == product:
            store.save_choice(files, entry)
    watcher = world.observer = Watcher(world)
    sim.install(world)
    with open(paths.ROOT / "main.py") as file:
        code = compile(file.read(), "main.py", "exec")
    gc.collect()
    gc.freeze()
    error = ""
    try:
        simulated.run(world, lambda: exec(code, {"__name__": "__main__"}))
    except Exception as problem:
        if world.trial is None:
            raise
        error = repr(problem)
    if world.trial is not None:
        world.trial.finish(error)
    return watcher.spans
