"""What the instrumented firmware lives through: longest sessions, wraps, and hostile readings.

On the board of plain resistors (tests/firmware/plain_board.py), with passes of 3 ms, the longest
that the guard bears, and ticks as long as the main loop bears. Imports firmware as instrument.py
has prepared it.
"""

import importlib.util
import itertools
import random

import instrument
from plain_board import PlainBoard

from firmware import (
    app,
    calibration,
    dose,
    drift,
    faults,
    guard,
    impedance,
    limits,
    logbook,
    products,
    records,
    store,
    treatment,
)
from firmware import session as states

_WRAP = 1 << 30
_FULL = 0x3FFF  # a sum of four codes of twelve bits


def _as_shipped(name):
    """A second copy of a module of firmware, with nobody looking."""
    path = instrument.paths.ROOT / "firmware" / (name + ".py")
    spec = importlib.util.spec_from_file_location("shipped_" + name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_plain = _as_shipped("guard")


class Board(PlainBoard):
    """Long ticks of long passes; `hostile(board)` may spoil the readings of any pass."""

    def __init__(self, passes=3, dt_us=3000, start_ms=0):
        super().__init__()
        self.usual = self.passes = passes
        self.dt_us = dt_us
        self.now_ms = start_ms
        self.frame_us = 0
        self.hostile = None

    def sleep_until(self, ms):
        """A whole long tick; as few passes as may be where the firmware asks for less than one."""
        usual = self.passes
        asked_ms = (ms - self.now_ms) & (_WRAP - 1)
        if asked_ms < limits.TICK_MS:
            self.passes = max(1, asked_ms * 1000 // self.dt_us)
        self.now_ms += self.passes * self.dt_us // 1000
        self.step()
        self.passes = usual

    def step(self):
        for number in range(self.passes):
            self.frame_us += self.dt_us
            if self.frame_us >= 6000:
                self.frame_us -= 6000
                self._frame()
            self._circuit()
            if self.hostile:
                self.hostile(self)
            if self.guard is not None:
                guard_pass, request, snapshot = self.guard
                snapshot[0] = self.dt_us
                snapshot[1] = int(self.latched and self.sees)
                if number > 1:  # looked at twice a tick: it takes fifteen times as long
                    guard_pass = _plain.guard_pass
                self._feed(guard_pass(self.samples, request, snapshot))


class Life:
    """A wand that is switched on, armed, touched."""

    def __init__(self, board, entry, values=calibration.NOMINAL):
        self.board = board
        store.save_calibration(board, values)
        payload = products.pack([entry])
        records.save(board.read, board.write, store.CATALOGUE, records.CATALOGUE,
                     products.VERSION, payload)  # fmt: skip
        logbook.save_patched(board, [entry])
        self.app = app.App(board)
        self._check()

    def _check(self):
        """Guard arrays that bear nothing else than they may hold."""
        output = self.app.output
        output.request = instrument.Checked("i", output.request)
        output.snapshot = instrument.Checked("i", output.snapshot)
        self.board.start_guard(guard.guard_pass, output.request, output.snapshot)

    @property
    def state(self):
        return states.STATES[self.app.session.state]

    def turn(self):
        """A tick: 90 ms while nothing is ramped, which a late main loop would fall behind with."""
        board = self.board
        regulator = self.app.output.regulator
        settled = self.state == "treating" and regulator.setpoint_na == self.before_na
        self.before_na = regulator.setpoint_na
        idle = self.state == "lifted" and board.load_ohm is None
        board.passes = 30 if board.usual == 3 and (settled or idle) else board.usual
        self.app.turn()

    before_na = -1

    def ticks(self, seconds):
        until_ms = self.board.now_ms + seconds * 1000
        while self.board.now_ms < until_ms:
            self.turn()

    def until(self, *wanted, seconds=60):
        end_ms = self.board.now_ms + seconds * 1000
        while self.state not in wanted:
            if self.board.now_ms > end_ms:
                raise AssertionError("still %s, %s" % (self.state, self.end))
            self.turn()

    def arm(self):
        self.board.load_ohm = None
        self.until("ready", "done")
        self.ticks(0.5)
        self.board.is_pressed = True
        self.ticks(1.8)
        self.board.is_pressed = False
        self.until("contact")

    @property
    def end(self):
        return treatment.ENDS[self.app.treatment.end] or faults.name(self.app.faults.first)


def product(setpoint_ua, dose_uc, time_s):
    return products.Product("p", "P", -100, setpoint_ua, dose_uc, time_s)


def by_session():
    """Twenty minutes since arming: most of it as high as resistance lets it, with lifts."""
    life = Life(Board(), product(500, 285_000, 570))
    life.arm()
    for _ in range(7):
        life.board.load_ohm = 110_000
        life.until("treating", "stopping")
        life.ticks(120)
        life.board.load_ohm = None
        life.ticks(45)
    life.board.load_ohm = 110_000
    life.until("done", seconds=300)
    return life.end


def by_output():
    """A quarter of an hour of output, without a lift."""
    life = Life(Board(), product(300, 0, 900))
    life.arm()
    life.board.load_ohm = 60_000
    life.until("done", seconds=1200)
    return life.end


def by_charge():
    """All the charge there is, at the highest current, with a fast converter that reads more."""
    board = Board()
    life = Life(board, product(500, 285_000, 570))
    board.b_gain = 1.06
    life.arm()
    board.load_ohm = 30_000
    life.until("done", seconds=1200)
    return life.end


def wraps():
    """Short ticks, while every counter goes round: time, frames, heartbeat, token, passes."""
    board = Board(10, 500, _WRAP - 12_000)
    life = Life(board, product(100, 0, 10))
    output = life.app.output
    life.until("ready")
    output._token = _WRAP - 3
    output.request[guard.RQ_HEARTBEAT] = _WRAP // 2 - 1_500
    output.snapshot[guard.SN_PASSES] = _WRAP // 2 - 15_000
    output.measurement.frame = board.precise[0] = _WRAP - 1_000
    output._drift = drift.Drift()
    life.arm()
    board.load_ohm = 20_000
    life.until("done", seconds=60)
    life.arm()  # again, with a token that wraps
    for counter in (board.ticks_ms(), board.precise[0], output.request[guard.RQ_HEARTBEAT],
                    output.snapshot[guard.SN_PASSES], output._token):  # fmt: skip
        if not counter < _WRAP // 4:
            raise AssertionError("no wrap: %d" % counter)
    return "armed again"


def hostile():
    """Readings that no circuit gives, from both converters, in every state, at each calibration's
    ends: they end in faults, never in large numbers."""
    ends = []
    draw = random.Random("hostile")
    for values in (calibration.LOWEST, calibration.HIGHEST, calibration.NOMINAL):
        for after in (0, 300, 1500, 3000, 3300):
            board = Board(10, 3000)
            count = itertools.count()

            def spoil(board, count=count, after=after):
                if next(count) < after:
                    return
                for i in range(16):
                    board.samples[i] = draw.choice((0, 4095, draw.randrange(4096)))
                for i in range(1, 5):
                    board.precise[i] = draw.choice((-32768, 32767, draw.randint(-32768, 32767)))

            board.hostile = spoil
            life = Life(board, product(500, 285_000, 570), values)
            board.load_ohm = None
            for tick in range(120):
                board.is_pressed = 40 <= tick < 110
                life.app.turn()
                if life.state == "contact":
                    board.load_ohm = 20_000
            ends.append(faults.name(life.app.faults.first))
    return ", ".join(sorted(set(ends) - {""}))


def requests():
    """The guard alone: whatever the main loop may write, whatever time does."""
    samples = [_FULL // 4] * 16
    hardest = (0, 1, 500, 501, 0xFFFF, _WRAP - 1)
    for setpoint, precise, load in itertools.product(hardest, hardest, hardest):
        snapshot = instrument.Checked("i", [0] * guard.SN_SIZE)
        request = instrument.Checked("i", [0] * guard.RQ_SIZE)
        request[guard.RQ_ARM] = _WRAP - 1
        for code, dt_us in itertools.product((0, 300, 4095), (1, 500, 3000, 0, _WRAP - 1)):
            samples[:] = [code] * 16
            for output in (0, 1, 1):
                request[guard.RQ_OUTPUT] = output
                request[guard.RQ_BRIDGE] = 1
                request[guard.RQ_SETPOINT_UA] = setpoint
                request[guard.RQ_PRECISE_A_UA] = precise
                request[guard.RQ_LOAD_MV] = load
                request[guard.RQ_FRAME] = (request[guard.RQ_FRAME] + 1) % _WRAP
                snapshot[guard.SN_DT_US] = dt_us
                guard.guard_pass(samples, request, snapshot)
    return "off"


def parts():
    """Dose and impedance with the largest currents and voltages a converter can make of them."""
    counted = dose.Dose()
    for ms in (0, 1, 5, 100):
        for na in (0, 1_020_000, 1_023_000):
            for _ in range(200):
                counted.step(na, ms)

    class Reading:
        load_mv, load_na = 86_700, 1_023_000

    watched = impedance.Impedance()
    for na in (2_000, 1_023_000):
        Reading.load_na = na
        for _ in range(600):
            watched.step(Reading, True, 5)
    return "%d µC" % counted.dose_uc


LIVES = (by_session, by_output, by_charge, wraps, hostile, requests, parts)
