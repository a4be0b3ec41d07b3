"""Emulated bench only: two usual ways to watch a current, to compare the guard with.

The same samples and the same guard on the same chip; only who calls it differs. The gate is a
plain pin here. `WAY` comes first: "asyncio" polls every millisecond, "timer" is a soft
machine.Timer at 1 kHz. Both beside a main loop that makes garbage and collects it now and then.
"""

import asyncio
import gc
import time
from array import array

import machine
from machine import Pin, Timer

import hal
from firmware import guard

board = hal.open_board()
request = array("i", [0] * guard.RQ_SIZE)
snapshot = array("i", [0] * guard.SN_SIZE)
gate = Pin(2, Pin.OUT, value=0)
board._guard.stop()
count_at = board._fast.count_address
last_us = time.ticks_us()
snapshot[0] = 500
guard.guard_pass(board.samples, request, snapshot)
request[guard.RQ_ARM] = 1
request[guard.RQ_BRIDGE] = 1
guard.guard_pass(board.samples, request, snapshot)
request[guard.RQ_SETPOINT_UA] = 100
snapshot[guard.SN_CEILING_PA] = 117_000_000  # as if it had risen slowly
request[guard.RQ_OUTPUT] = 1


def check(_=None):
    global last_us
    now_us = time.ticks_us()
    machine.mem32[count_at]  # as the guard's interrupt does; the emulator fills the ring then
    snapshot[0] = 1000
    last_us = now_us
    request[guard.RQ_HEARTBEAT] = (request[guard.RQ_HEARTBEAT] + 1) & 0x3FFFFFFF
    gate.value(guard.guard_pass(board.samples, request, snapshot))


kept = [None] * 20
rounds = 0


def garbage():
    global rounds
    for i in range(20):
        kept[i] = [i] * 20
    rounds += 1
    if rounds % 20 == 0:
        gc.collect()
    time.sleep_us(300)


async def poll():
    while True:
        check()
        await asyncio.sleep_ms(1)


async def busy():
    while True:
        garbage()
        await asyncio.sleep_ms(0)


async def both():
    await asyncio.gather(poll(), busy())


if WAY == "asyncio":  # noqa: F821
    asyncio.run(both())
else:
    timer = Timer(-1)
    timer.init(mode=Timer.PERIODIC, freq=1000, callback=check)
    while True:
        garbage()
