"""Emulated bench only: begins in the middle of a treatment, and makes trouble on request.

Takes the place of main.py's last line on the emulated wand. Self-test, proof and most of the ramp
are left out, everything else is the wand's own. The bench writes a number into `order`, whose
address stands in a register that nothing else uses, and the main loop stumbles over it.
"""

import gc
import time
from array import array

import machine
import uctypes

from firmware import session as s
from firmware.app import App
from firmware.guard import SN_CEILING_PA

HANG, NO_INTERRUPTS, TICK_RAISES, GARBAGE, LOOK = 1, 2, 3, 5, 6  # orders.py
# The shortened ramp is a return to what has just flowed [F-07]: the guard is told that it has, in
# the two words before its ceiling, and then allows 1.5 µA/ms [S-08].
STEP_NA = 7_000  # of a tick
ABOVE_NA = 10_000  # with less nothing is driven, and the guard would forget it again
STEEP = SN_CEILING_PA - 2
BOUNCE = 2

board = board  # noqa: F821, PLW0127  # main.py's
app = App(board)
order = array("i", [0] * 200)  # [0] what to do; [1] ticks, [2] bytes allocated in the worst,
# [3] free heap at the start, [4] rounds of garbage, [5] ticks looked at, from [10] on µs that the
# latest ticks took
machine.mem32[0xD00000D0] = uctypes.addressof(order)
board.check_files = lambda: None
plain_pressed = board.pressed
kept = [None] * 20


def flowed(ua):
    """Both words in one go and until they stand: a pass under way writes its own over them."""
    snapshot = app.output.snapshot
    words = array("i", (BOUNCE, ua))
    while snapshot[STEEP] != BOUNCE or snapshot[STEEP + 1] != ua:
        snapshot[STEEP : STEEP + 2] = words
        time.sleep_us(50)


def pressed():
    wish = order[0]
    if wish:
        if wish == HANG:
            while True:
                pass
        elif wish == NO_INTERRUPTS:
            machine.disable_irq()
            while True:
                pass
        elif wish == TICK_RAISES:
            order[0] = 0
            raise ValueError("trouble")
        elif wish == GARBAGE:
            for i in range(20):
                kept[i] = [i] * 20
            order[4] += 1
            if order[4] % 20 == 0:
                gc.collect()
    if app.session.state == s.RAMPING:
        limiter = app.output.limiter
        regulator = app.output.regulator
        near_na = 1000 * app.catalogue[app.index].setpoint_ua
        if ABOVE_NA < limiter.setpoint_na < near_na:
            flowed(near_na // 1000)
            next_na = min(near_na, limiter.setpoint_na + STEP_NA)
            limiter.setpoint_na = regulator.setpoint_na = next_na
    return plain_pressed()


board.pressed = pressed
plain_tick = app.tick


def tick(now_ms):
    looks = order[0] == LOOK
    free = gc.mem_free() if looks else 0
    since_us = time.ticks_us()
    plain_tick(now_ms)
    took_us = time.ticks_us() - since_us
    used = free - gc.mem_free() if looks else 0
    number = order[1] + 1
    order[1] = number
    order[10 + number % 150] = took_us
    if app.session.state == s.TREATING and looks:
        order[5] += 1
        if used > order[2]:
            order[2] = used


app.tick = tick


def begin_deep():
    """Armed, in search of contact, as after self-test and proof."""
    output = app.output
    board.set_rail(True)
    app._test = None
    due_ms = board.ticks_ms()
    while not (output.quiet and output.set_bridge(app.bridge)):
        due_ms = (due_ms + 5) & 0x3FFFFFFF
        board.sleep_until(due_ms)
        output.beat()
    app.session.state = s.CONTACT
    app.treatment.begin(app.catalogue[app.index])
    output.arm()


gc.collect()
order[3] = gc.mem_free()
begin_deep()
app._last_ms = board.ticks_ms()
app.run()
