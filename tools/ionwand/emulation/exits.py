"""Every way out of a treatment on the emulated wand, from one deep state.

The state "treating at 100 µA" is reached once; each way out then runs in a forked copy of the
whole emulator, so that all begin at the very same instant. Returns plain numbers for tests,
bench and documentation.
"""

import json
import os
import traceback

from firmware import guard
from firmware.limits import OUTPUT_MAX_MS
from firmware.session import STATES
from ionwand.emulation import session
from ionwand.emulation.guest import orders

PRODUCT = "patch-test"  # 100 µA
JOB = {
    "duration_s": 1000,
    "events": [{"at_s": 0.01, "touch": "resistor:10000"}],
}
_PATIENCE_MS = 4000
_TREATING = STATES.index("treating")
_FED = (guard.SN_FEED, guard.SN_TRIPS, guard.SN_LIFTED)


class Bench:
    """A wand under treatment at the product's full current, its edges and rows."""

    def __init__(self, uf2, product=PRODUCT):
        self.rows = []
        job = dict(JOB, product=product)
        self.wand = session.wand(uf2, job, self.rows.append, deep=True)
        self.gate = []  # (µs, level) of GATE alone
        self.feed = []  # µs of FEED's edges
        chip = self.wand.chip
        chip.listen(2, lambda level: self.gate.append((self.wand.now_us, level)))
        chip.listen(6, lambda level: self.feed.append(self.wand.now_us))
        chip.wait(_PATIENCE_MS, self.treating, "treatment")
        chip.run(40)

    def treating(self):
        status = self.wand.status
        return bool(status) and status[0] == _TREATING

    @property
    def orders_at(self):
        """Where guest/deep.py has its array."""
        return self.wand.chip.mcu.sio.interp1.base2

    def order(self, number):
        self.wand.chip.poke(self.orders_at, number)

    def off(self):
        return not self.wand.enabled

    def until_off(self, since_us, ms=400):
        """What happened from an instant to the end of the output."""
        self.wand.chip.wait(ms, self.off, "end of the output")
        off_us = self.wand.edges[-1][0]
        fed_us = [at for at in self.feed if at <= off_us]
        gate_us = [at for at, level in self.gate if at >= since_us and level != 1]
        return {
            "off_us": off_us - since_us,
            "after_feed_us": off_us - fed_us[-1],
            "gate_us": gate_us[0] - since_us if gate_us else None,
        }

    def fault(self):
        row = self.rows[-1].split(",")
        return {"state": row[1], "fault": row[15]}

    def settle(self, ms=30):
        """Afterwards: does it stay off, at a DAC of zero?"""
        edges = len(self.wand.edges)
        self.wand.chip.run(ms)
        self.wand.sync()
        return {
            "stays_off": len(self.wand.edges) == edges and not self.wand.enabled,
            "dac_code": self.wand.world.dac.code,
            **self.fault(),
        }


def fork(bench, way):
    """`way(bench)` in a copy of everything; its result, or {"error": text}."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            result = way(bench)
        except BaseException:
            result = {"error": traceback.format_exc(limit=4)}
        with os.fdopen(writer, "w") as pipe:
            json.dump(result, pipe)
        os._exit(0)
    os.close(writer)
    return child, reader


def collect(child, reader):
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text)


# --- the ways out ---
def _now(bench, act, **more):
    since_us = bench.wand.now_us
    act()
    result = {**bench.until_off(since_us), **bench.settle(**more)}
    falls = [at for at, level in bench.gate if at >= since_us and level != 1]
    fed = [at for at in bench.feed if falls and at <= falls[0]]
    if fed:
        result["gate_us"] = falls[0] - since_us
        result["gate_after_feed_us"] = falls[0] - fed[-1]  # the dead-man in the chip, by itself
    return result


def _fault(name):
    def way(bench):
        return _now(bench, lambda: bench.wand.inject(name))

    return way


def _lift(bench):
    def act():
        bench.wand.world.lift()
        bench.wand.sync()

    return _now(bench, act)


def _over_setpoint(bench):
    """A DAC stuck at full scale: 603 µA, which the comparator does not see."""
    return _fault("dac_full_scale")(bench)


def _order(number):
    def way(bench):
        return _now(bench, lambda: bench.order(number))

    return way


def _time_cap(bench):
    """The guard's own count, a millisecond before its end; the session's is far from it."""
    return _now(bench, lambda: bench.wand.put(guard.SN_OUTPUT_MS, OUTPUT_MAX_MS - 1))


def _timeout(bench):
    """Three seconds before the guard's cap the session ramps down by itself."""
    bench.wand.put(guard.SN_OUTPUT_MS, OUTPUT_MAX_MS - 3000)
    since_us = bench.wand.now_us
    return {**bench.until_off(since_us, 1500), **bench.settle()}


def _press(bench):
    bench.wand.press(0.1)
    since_us = bench.wand.now_us
    return {**bench.until_off(since_us, 1500), **bench.settle()}


def _ctrl_c(bench):
    result = _now(bench, lambda: bench.wand.chip.send(b"\x03"))
    bench.wand.chip.run(1200)  # longer than the watchdog would wait: the console must live
    result["resets"] = len(bench.wand.chip.resets)
    return result


def _soft_reset(bench):
    """What mpremote does: Ctrl-C, then Ctrl-D in the raw REPL."""

    def act():
        bench.wand.chip.send(b"\r\x03\x01\x04")

    result = _now(bench, act)
    result["soft_reboot"] = bench.wand.chip.run(
        200, lambda: b"soft reboot" in bench.wand.chip.console
    )
    return result


def _until_reset(bench, since_us):
    """What the output does until the watchdog bites, and for a while after."""
    chip = bench.wand.chip
    scratch = chip.mcu.watchdog.scratch_data
    users = scratch[:4] = [0x600D0000 + number for number in range(4)]
    result = bench.until_off(since_us)
    result["reset"] = chip.run(1300, lambda: bool(chip.resets))
    if chip.resets:
        result["reset_us"] = chip.resets[0] / 1e3 - since_us
    edges = len(bench.wand.edges)
    chip.run(60)
    result["stays_off"] = len(bench.wand.edges) == edges and not bench.wand.enabled
    result["users_words"] = chip.mcu.watchdog.scratch_data[:4] == users
    return result


def _watchdog(bench):
    """A hung loop: the heartbeat ends the output, the watchdog the hanging."""
    since_us = bench.wand.now_us
    bench.order(orders.HANG)
    return _until_reset(bench, since_us)


def _guard_hangs(bench):
    """Core 1 is lost: the dead-men end the output, the main loop no longer feeds the watchdog."""
    since_us = bench.wand.now_us
    bench.wand.hang_guard()
    return _until_reset(bench, since_us)


WAYS = {
    "over_current": _over_setpoint,
    "comparator": _fault("rset_short"),
    "lift": _lift,
    "timeout": _timeout,
    "time_cap": _time_cap,
    "stop_button": _press,
    "main_loop_hangs": _order(orders.HANG),
    "interrupts_disabled": _order(orders.NO_INTERRUPTS),
    "processor_stops": _fault("mcu_hang"),
    "ctrl_c": _ctrl_c,
    "soft_reset": _soft_reset,
    "watchdog_reset": _watchdog,
    "exception_in_tick": _order(orders.TICK_RAISES),
    "guard_hangs": _guard_hangs,
}


def run(uf2, ways=None, at_once=2, progress=None, bench=None):
    """{way: result} of all of them."""
    bench = bench or Bench(uf2)
    results = {"deep_state": {"at_us": bench.wand.now_us, **bench.fault()}}
    waiting = list(ways or WAYS)
    running = []
    while waiting or running:
        while waiting and len(running) < at_once:
            name = waiting.pop(0)
            running.append((name, *fork(bench, WAYS[name])))
        name, child, reader = running.pop(0)
        results[name] = collect(child, reader)
        if progress is not None:
            progress(name, results[name])
    return results
