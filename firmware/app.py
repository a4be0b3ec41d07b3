"""The wand: one tick every 5 ms, from button to request.

Reads panel and guard, tells the session what happened and does what the session answers. What is
shown stands in display.py, how a session ends and what stays of it in ending.py. Everything comes
in as an argument; the simulator, the tests and the browser call the same `tick` with a clock of
their own. Every exit is off [S-12].
"""

from micropython import const

from firmware import arming, faults, gestures, logbook, patterns, selftest, shutdown, store
from firmware import rest as r
from firmware import session as s
from firmware import treatment as t
from firmware.blackbox import BlackBox
from firmware.display import ST_RGB, Display
from firmware.ending import Ending
from firmware.guard import RQ_OUTPUT, SN_BATTERY_SUM, SN_FEED, SN_FIRST, SN_PASSES, SN_TRIPS
from firmware.limits import PASSES_MISSING_MS, SLEEP_AFTER_MS, TICK_MS
from firmware.output import Output

_WRAP = const(0x3FFFFFFF)
_TICK_MAX_MS = const(100)  # a tick later than this has met the heartbeat limit anyway
_COUNT_HZ = const(2000)
_COUNT_MS = const(60)
_ARMED = (s.PROVING, s.CONTACT, s.RAMPING, s.TREATING, s.BOUNCED, s.LIFTED, s.STOPPING)


class App:
    """`App(board).run()` is the wand. `tick` is one step of it."""

    # The one that runs, or that Ctrl-C has ended: for console.py.
    running = None  # type: App

    def __init__(self, board):
        self.board = board
        self.faults = faults.Faults()
        self.session = s.Session()
        self.gestures = gestures.Gestures()
        calibration, damaged = store.load_calibration(board)
        self.catalogue, bad = store.load_catalogue(board)
        self.index = store.load_choice(board, self.catalogue)
        self.logbook = logbook.Logbook(board)
        self.output = Output(board, calibration)
        self.treatment = t.Treatment(self.output)
        hung = faults.HEARTBEAT if board.watchdog_reset else 0
        self.faults.latch(*store.load_faults(board))
        self.faults.latch(damaged | bad | hung)
        self.rest = r.load(board)
        self.display = Display(self.session, self.treatment, self.output, self.faults, self.rest)
        self.blackbox = BlackBox()
        self.ending = Ending(
            board,
            self.treatment,
            self.output,
            self.faults,
            self.logbook,
            self.rest,
            self.blackbox,
        )
        self.battery_mv = 0
        self._forward = False  # the last short press went to the next product
        self._counting = False
        self._test = None
        self._last_ms = self._due_ms = board.ticks_ms()
        self._dt_ms = 0  # of this tick
        self._passes = 0
        self._silent_ms = 0
        self._idle_ms = 0
        self.ready_ms = 0  # of the board's clock, when the first self-test was passed [P-07]
        self._choose(self.index)
        self._do(s.BEGIN_TEST)

    # --- ticks ---
    def run(self):
        """For ever. Whatever ends it leaves a dead wand: off and dark."""
        App.running = self
        console = True
        try:
            self.begin()
            while True:
                self.turn()
        except Exception:
            console = False  # nobody pressed Ctrl-C: the watchdog goes on, and starts it anew
            raise
        finally:
            shutdown.dead(self.output, self.board)
            if console:
                self.board.stop_watchdog()  # not reached: it bites, and that is off too

    def begin(self):
        """Ticks count from here, and the watchdog watches."""
        self.board.start_watchdog()
        self._due_ms = self.board.ticks_ms()

    def turn(self):
        """Wait for the next tick and do it. A page in a browser calls this instead of `run`."""
        board = self.board
        self._due_ms = due_ms = (self._due_ms + TICK_MS) & _WRAP
        board.sleep_until(due_ms)
        now_ms = board.ticks_ms()
        self.tick(now_ms)
        if (now_ms - due_ms) & _WRAP > _TICK_MAX_MS:
            self._due_ms = now_ms  # too late to catch up

    def tick(self, now_ms):
        """One step. An exception in it is a fault like any other: off, latched, shown."""
        # Functions of a tick are short: where more than eleven words are at hand at once,
        # MicroPython looks for room on the heap, which takes 0.1 ms each time [P-06].
        dt_ms = (now_ms - self._last_ms) & _WRAP
        self._dt_ms = dt_ms if dt_ms < _TICK_MAX_MS else _TICK_MAX_MS
        self._last_ms = now_ms
        self._judge()
        if self._show():
            self._watch()

    def _judge(self):
        try:
            self._step(self._dt_ms)
        except OSError:
            self._trip(faults.I2C)
        except Exception:
            self._trip(faults.INTERNAL)

    def _show(self):
        """To the person, and to whoever asks later; True where that went well."""
        output = self.output
        if (output.on or output.request[RQ_OUTPUT]) and self.session.state not in s.MAY_FLOW:
            self._trip(faults.BAD_REQUEST)
        try:
            self._tell()
        except Exception:
            # Off, and not fed: once is a fault like any other, for ever is the watchdog's.
            self._trip(faults.INTERNAL)
            return False
        return True

    def _tell(self):
        display = self.display
        display.show(self.board, self.battery_mv, self._idle_ms, self._dt_ms)
        rgb = display.status[ST_RGB]
        self.blackbox.step(self.session.state, rgb, self.output, self._dt_ms)

    def _watch(self):
        """The watchdog is fed only while the guard is seen to run [S-11]."""
        passes = self.output.snapshot[SN_PASSES]
        self._silent_ms = 0 if passes != self._passes else self._silent_ms + self._dt_ms
        self._passes = passes
        if self._silent_ms <= PASSES_MISSING_MS:
            self.board.feed_watchdog()

    def _step(self, dt_ms):
        """Read, see what is wrong, and tell the session what happened: one event at most."""
        self.output.beat()
        self._measure()
        state = self.session.state
        gesture = self.gestures.step(self.board.pressed(), dt_ms, state == s.READY)
        self._idle_ms = 0 if gesture else self._idle_ms + dt_ms
        if not self.rest.running:
            self.rest.step(dt_ms)
        if self._wrong(state):
            return
        self._log(state, dt_ms)
        event = self._gesture_event(gesture, state) if gesture else -1
        if event < 0:
            event = self._state_event(state, dt_ms)
        if event >= 0:
            self._take(event)

    def _measure(self):
        # Four codes of a third.
        battery_mv = self.output.snapshot[SN_BATTERY_SUM] * 9900 >> 14
        self.battery_mv += (battery_mv - self.battery_mv) >> 4 if self.battery_mv else battery_mv

    def _wrong(self, state):
        """True where something is, and the output has been tripped."""
        output = self.output
        trips = output.snapshot[SN_TRIPS] & ~output.expected
        if state == s.FAULT:
            if trips & ~self.faults.bits:
                self.faults.latch(trips)
            return False
        board = self.board
        bits = output.found
        if trips:
            self._trip(trips, output.snapshot[SN_FIRST])
        elif self.faults.bits:
            self._trip(0)
        elif state in _ARMED and arming.charger(board, self.battery_mv):
            self._trip(faults.VBUS)
        elif board.bus_failed and state != s.SELFTEST:
            self._trip(faults.I2C)
        elif bits:
            self._trip(bits)
        elif self.gestures.held_ms >= gestures.STUCK_MS:
            self._trip(faults.BUTTON_STUCK)
        else:
            return False
        return True

    def _log(self, state, dt_ms):
        output = self.output
        self.logbook.step(
            output.regulator.setpoint_na,
            output.measurement.load_na if output.snapshot[SN_FEED] else 0,
            self.treatment.impedance.z_ohm,
            state == s.TREATING and output.regulator.limited,
            dt_ms,
        )

    def _trip(self, bits, first=0):
        """Off, latched, and the session told. `bits`: faults, 0 where they are latched already."""
        self.output.stop()
        self.faults.latch(bits, first)
        self.gestures.consume()  # a fault must be seen before it can be acknowledged
        try:
            self._take(s.TRIPPED)
        except Exception:  # the gate is off, and the fault shall be seen although this failed too
            self.faults.latch(faults.INTERNAL)

    # --- what happened: gestures and states to events, -1 for none ---
    def _gesture_event(self, gesture, state):
        if gesture == gestures.PRESS_EDGE:
            # The press that stops or wakes must not go on to arm. One during the ramp down stops
            # nothing any more: why it ends is known already.
            if state in _ARMED or state == s.ASLEEP:
                self.gestures.consume()
            if state in _ARMED and state != s.STOPPING:
                self.treatment.why = t.STOPPED
            return s.PRESSED
        if gesture == gestures.SHORT:
            return s.SHORT
        if state == s.READY and gesture >= gestures.RELEASE:
            self._ask(gesture)
            return -1
        if gesture == gestures.HOLD and state in (s.READY, s.DONE):
            why = arming.refusal(self.board, self.battery_mv, self.product, self.rest)
            self.treatment.why = why
            if not why:
                return s.ARM
            self.gestures.consume()  # a refusal must be seen before it can be answered
            return s.REFUSE
        if gesture == gestures.ACK and state == s.FAULT:
            if self.faults.acknowledge(
                faults.VBUS if arming.charger(self.board, self.battery_mv) else 0
            ):
                return s.ACKNOWLEDGED
        if gesture == gestures.ACK and state == s.REFUSED:
            if arming.another_person(self.board, self.treatment, self.rest):
                return s.ACKNOWLEDGED
        return -1

    def _state_event(self, state, dt_ms):
        """What happened by itself in this state."""
        treatment = self.treatment
        if state == s.TREATING or state == s.RAMPING:
            if treatment.battery(self.battery_mv):
                return s.EXPIRED
            return treatment.treating(state, dt_ms)
        if state == s.CONTACT or state == s.LIFTED or state == s.BOUNCED:
            if treatment.battery(self.battery_mv):
                return s.EXPIRED
            return treatment.searching(state, dt_ms)
        if state == s.STOPPING:
            return treatment.stopping(dt_ms)
        if state == s.SELFTEST or state == s.PROVING:
            return self._testing(state)
        if self.ending.settle(self._idle_ms) and self._offered:
            self._choose(self.index)  # a patch test that is through is offered no more [F-04]
        if self._idle_ms >= SLEEP_AFTER_MS and state in (s.READY, s.DONE, s.REFUSED):
            return s.IDLE
        return -1

    def _testing(self, state):
        """One step of self-test or proof."""
        if state == s.SELFTEST and arming.charger(self.board, self.battery_mv):
            selftest.restore(self.output, self.board)
            self.treatment.why = t.VBUS
            return s.REFUSE
        if self._test is not None:
            try:
                next(self._test)
                return -1
            except StopIteration as stop:
                fault = stop.value
            first = self.output.snapshot[SN_FIRST]
            touching_ohm = self.output.touching_ohm
            selftest.restore(self.output, self.board)
            # A person's doing and no part's; what may be a welded dummy is a fault.
            if fault == faults.DUMMY_READING and touching_ohm > selftest.WELDED_OHM:
                self.treatment.why = t.TOUCHED
                return s.REFUSE
            if fault:
                self.faults.latch(fault, first)
                return s.TRIPPED
            self._test = None
        # Whoever still holds the button could not stop with it [S-18].
        if self.gestures.pressed:
            return -1
        if not self.ready_ms:
            self.ready_ms = self.board.ticks_ms()
        return s.PASSED

    # --- what is done about it ---
    def _take(self, event):
        self._idle_ms = 0  # idle is when neither person nor session does anything [F-12]
        before = self.session.state
        self._do(self.session.step(event))
        if self.session.state == s.READY != before:  # which one it was needs no press to be told
            self.display.indicator.announce(self.index + 1)
            self._counting = False
        if self.session.state in s.ALL_OFF:
            shutdown.everything(self.output, self.board)

    def _do(self, action):
        """Carry out what the session has decided."""
        output = self.output
        treatment = self.treatment
        if action == s.NOTHING:
            return
        # What happens while current flows comes first: comparing takes its time.
        if action == s.BEGIN_RAMP:
            output.restart()
            treatment.resume()
        elif action == s.PART:
            output.stop()
            treatment.parted()
        elif action == s.COUNT_LIFT:
            if treatment.lifted():
                self.logbook.lift()
        elif action == s.CUT:
            self.ending.end(t.FAULT, self.battery_mv)
        elif action == s.FINISH or action == s.STOP_NOW:
            self.ending.end(treatment.why, self.battery_mv)
        elif action == s.RAMP_DOWN or action == s.STOP:
            pass  # treatment.stopping() ramps; `why` stays until it is through
        elif action == s.BEGIN_TEST:
            output.arm()  # trips of the guard are cleared here; what is still wrong comes again
            output.found = 0
            self._test = selftest.self_test(output, self.board)
        elif action == s.BEGIN_PROOF:
            treatment.begin(self.product)
            self.ending.begin(self.product, self.battery_mv)
            self.blackbox.begin(self.product)
            self._test = selftest.proof(output, self.board, self.bridge)
        elif action == s.BEGIN_PROBE:
            output.arm()
            treatment.search()
        elif action == s.NEXT_PRODUCT:
            self._forward = not self._offered
            if self._offered:  # the patch test was declined: this product's treatment
                self._choose(self.index, False)
            else:
                self._go(1)
            self.display.indicator.announce(self.index + 1)

    def _go(self, by):
        self._choose((self.index + by) % len(self.catalogue))

    def _ask(self, gesture):
        """What a person asks of a wand that waits: back, on and on, or how full the battery is."""
        indicator = self.display.indicator
        if gesture == gestures.AGAIN:
            self._go(-2 if self._forward else -1)  # the first press of the two went forward
            self._forward = False
            indicator.announce(self.index + 1)
        elif gesture == gestures.COUNT:
            self._go(1)
            self._counting = True
            indicator.chirp(_COUNT_HZ, _COUNT_MS)
        elif self._counting:  # let go of
            self._counting = False
            indicator.announce(self.index + 1)
        else:
            indicator.level(patterns.battery_quarters(self.battery_mv))

    def _choose(self, index, offer=True):
        """Take a product; before its first treatment ever, its patch test is offered instead."""
        self.index = index
        product = self.catalogue[index]
        self._offered = offer and self.logbook.untested(product)
        if self._offered:
            product = logbook.patch_test(product)
        self.product = product
        _, ion_sign, _, self.bridge, _ = product.electrodes()
        self.display.choose(index, ion_sign, product.patch_test)
