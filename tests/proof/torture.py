"""A board on which the nth call of one method fails, once or for ever; and a session on it."""

import paths  # isort: skip
import job as simulated  # isort: skip

from firmware import calibration, faults, store
from firmware.app import App
from firmware.display import ST_FAULTS, ST_FIRST, ST_STATE
from firmware.session import STATES
from hal.sim import world as sim
from hal.sim.board import SimBoard, WatchdogReset

assert paths.ROOT
# What can fail on a real board: everything that touches the bus or the flash, and, as a bug
# would, everything else of the contract. Together they are all of hal/board.py: a test counts.
BUS = ("write_dac", "read_dac", "check_adc")
LEVELS = ("set_bridge", "set_dummy", "set_switches", "set_feeds", "set_rail", "output_on", "gate",
          "set_threshold", "set_comparator", "reset_latch", "timer_ticks", "vbus", "pressed",
          "check_files")  # fmt: skip
FLASH = ("read", "write")
# What is shown: once is a fault like any other, for ever and the watchdog is not fed.
SHOWN = ("panel", "publish")
# Where a failure ends the main loop itself: off for good, the watchdog starts the wand again.
LOOP = ("feed_watchdog", "ticks_ms", "sleep_until", "start_watchdog")
START = ("identity", "start_guard")  # before there is a loop
OFF = ("output_off", "set_bleed", "stop_watchdog")  # the contract says that they never raise
WATCH_US = 300_000  # a trial goes on for so long after its fault
SCRIPT_S = 16.0
SCRIPT = (
    {"at_s": 2.0, "press_s": 1.8},
    {"at_s": 5.2, "touch": "hydrated"},
    {"at_s": 11.5, "lift": True},
    {"at_s": 12.0, "touch": "hydrated"},
    {"at_s": 15.2, "press_s": 0.1},
    {"at_s": SCRIPT_S, "end": True},
)


class FailingBoard(SimBoard):
    """`victim`'s `nth` call raises, and with `for_ever` those after it too."""

    def __init__(self, world, victim, nth, for_ever, error=OSError):
        super().__init__(world)
        self.calls = 0
        self.failed = 0
        real = getattr(self, victim)

        def failing(*args):
            self.calls += 1
            if self.calls == nth or (for_ever and self.calls > nth):
                self.failed += 1
                raise error("torture: call %d of %s" % (self.calls, victim))
            return real(*args)

        setattr(self, victim, failing)


class Outcome:
    """What the observer saw: first fault, states, and the gate after the fault was there."""

    def __init__(self, world):
        self.world = world
        self.first = ""
        self.states = []
        self.faulted_us = -1
        self.gate_after = 0
        self.board = None

    def attach(self, board):
        self.board = board

    def edge(self):
        pass

    def tick(self, status):
        state = STATES[status[ST_STATE]]
        if not self.states or self.states[-1] != state:
            self.states.append(state)
        if status[ST_FIRST] and not self.first:
            self.first = faults.name(status[ST_FIRST])
            self.faulted_us = self.world.now_us
        self.bits = status[ST_FAULTS]
        if self.first:
            self.gate_after += self.board._enabled
            if self.world.now_us > self.faulted_us + WATCH_US:
                raise sim.TimeIsUp


class BusWorld(sim.World):
    """A script may also order failures of the bus: {"bus": (nth, count, errno)}."""

    def apply(self, event):
        if "bus" in event:
            self.bus.fail_next(*event["bus"])
        else:
            super().apply(event)


def world_with_session(script=SCRIPT, kind=sim.World):
    world = kind(events=script)
    files = simulated.Files(world.files)
    store.save_calibration(files, calibration.NOMINAL)
    world.observer = Outcome(world)
    sim.install(world)
    return world


def count(victims):
    """How often the session calls each of them when nothing fails."""
    world = world_with_session()
    board = SimBoard(world)
    calls = dict.fromkeys(victims, 0)

    def counting(name, real):
        def call(*args):
            # What switches off the program that ends is not the session's any more.
            calls[name] += world.now_us < SCRIPT_S * 1e6
            return real(*args)

        return call

    for name in victims:
        setattr(board, name, counting(name, getattr(board, name)))
    _run(world, board)
    return calls


def session(victim, nth, for_ever, error=OSError, prepare=None):
    """Outcome of a session with this failure; `failed` tells how often it was met."""
    world = world_with_session()
    if prepare:
        prepare(world)
    board = FailingBoard(world, victim, nth, for_ever, error)
    outcome = world.observer
    outcome.raised = _run(world, board)
    outcome.bitten = world.watchdog_reset
    outcome.failed = board.failed
    outcome.gate_at_end = board._enabled
    outcome.current_ua = world.plant.i_load_a * 1e6
    outcome.gate_later = _gate_after(board, 0.002)
    return outcome


def _gate_after(board, seconds):
    """The gate so long after the main loop is gone."""
    board.world.mcu_hang = False
    board.world._events = []
    try:
        board._run(board.world.now_us + round(seconds * 1e6))
    except (sim.TimeIsUp, WatchdogReset):
        pass
    return board._enabled


def serviced_wand():
    """A wand at a cable whose program Ctrl-C has ended: its board."""
    world = world_with_session(({"at_s": 0.1, "end": True},))
    world.vbus = True
    board = SimBoard(world)
    _run(world, board)
    return board


def _run(world, board):
    try:
        App(board).run()
    except (sim.TimeIsUp, WatchdogReset):
        pass
    except Exception as error:
        return error
    return None
