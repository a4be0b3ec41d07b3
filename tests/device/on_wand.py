"""Asked on the wand itself, by micropython-lib's unittest; no current flows:

    mpremote connect PORT mip install unittest
    mpremote connect PORT resume run tests/device/on_wand.py

Is it off, is it whole, does it compute right, and what does it count? `resume`, because the
program that Ctrl-C has just ended must still be there. The figures at the end are for
docs/hardware.md.
"""

import math
import struct
import sys
import time
import unittest
from array import array

import micropython

from firmware import guard
from firmware.app import App

CHIP = sys.platform == "rp2"
app = App.running
board = app.board
figures = []


def spread(values):
    """Standard deviation, in steps of the converter."""
    mean = sum(values) / len(values)
    return math.sqrt(sum([(value - mean) ** 2 for value in values]) / len(values))


def frames(count):
    """So many frames of the precise converter, and how many a second there are."""
    codes = []
    board.sleep_until(board.ticks_ms() + 2)  # nobody has looked since Ctrl-C: that one is old
    since_us = time.ticks_us()
    first = number = board.precise[0]
    while len(codes) < count:
        board.sleep_until(board.ticks_ms() + 2)
        if board.precise[0] != number:
            number = board.precise[0]
            codes.append(tuple(board.precise)[1:])
    return codes, (number - first) * 1e6 / time.ticks_diff(time.ticks_us(), since_us)


class Wand(unittest.TestCase):
    def test_it_is_off_after_an_interrupt(self):
        self.assertEqual((board.gate(), board.read_dac()), (False, 0))

    def test_its_files_are_as_built(self):
        from hal import manifest

        self.assertIsNone(manifest.check(sys.path[0]))
        self.assertIsNone(board.check_files())

    def test_its_console_is_there(self):
        """A module that the wand itself never asks for, found in the slot in use."""
        from firmware import console

        self.assertEqual(console.__name__, "firmware.console")

    def test_its_guard_feeds_and_trips_with_the_heap_locked(self):
        samples = array("H", [620, 1546, 2000, 1500] * 4)
        request = array("i", [0] * guard.RQ_SIZE)
        snapshot = array("i", [0] * guard.SN_SIZE)
        snapshot[guard.SN_DT_US] = 500
        request[guard.RQ_ARM] = 1
        guard.guard_pass(samples, request, snapshot)
        request[guard.RQ_OUTPUT] = 1
        request[guard.RQ_SETPOINT_UA] = 250
        snapshot[guard.SN_CEILING_PA] = 267_000_000  # as if it had risen slowly
        request[guard.RQ_BRIDGE] = 1
        request[guard.RQ_LOAD_MV] = 5000
        request[guard.RQ_PRECISE_A_UA] = 249
        good = bad = i = 0
        micropython.heap_lock()
        for i in range(200):
            request[guard.RQ_HEARTBEAT] = i
            request[guard.RQ_FRAME] = i
            good += guard.guard_pass(samples, request, snapshot)
        samples[0] = samples[4] = samples[8] = samples[12] = 4095
        bad = guard.guard_pass(samples, request, snapshot)
        micropython.heap_unlock()
        self.assertEqual((good, bad, snapshot[guard.SN_TRIPS] & 1), (200, 0, 1))

    def test_its_roller_has_the_sign_that_pushes(self):
        """Bridge 1: return electrode +, roller -; bridge 2 the other way round."""
        from firmware.products import DEFAULT

        bridges = {entry.id: entry.electrodes()[3] for entry in DEFAULT}
        self.assertEqual((bridges["vitamin-c"], bridges["arginine"]), (1, 2))

    def test_a_record_survives_being_written_and_read(self):
        board.write("devicetest", b"\x00\xff" * 40)
        self.assertEqual(board.read("devicetest"), b"\x00\xff" * 40)
        if CHIP:
            import os

            os.remove("/records/devicetest")

    def test_its_bytecode_fits_its_interpreter(self):
        self.assertEqual(sys.implementation._mpy & 0x3FF, 3 << 8 | 6)

    @unittest.skipUnless(CHIP, "counted on a chip only")
    def test_its_counters(self):
        """Since power-on: start, passes of the guard, ticks under output (self-test has it)."""
        figures.append(("ready_ms", app.ready_ms))
        for name, us in zip(("guard_pass_us", "tick_us"), board.worst_us()):
            figures.append((name, us))
        self.assertTrue(0 < board.worst_us()[0] <= 15)  # [P-03]

    @unittest.skipUnless(CHIP, "measured on a chip only")
    def test_its_converters(self):
        codes, a_second = frames(100)
        figures.append(("frames_per_s", round(a_second)))
        for i, name in enumerate(("sense_a", "e1", "e2", "rail")):
            steps = spread([frame[i] for frame in codes])
            figures.append(("precise_" + name + "_steps", round(steps, 2)))
        fast = [[], [], [], []]
        for _ in range(50):
            time.sleep_us(1370)  # beside mains and tick
            ring = struct.unpack("<16H", board.samples)
            for i in range(4):
                fast[i] += [ring[j] for j in range(i, 16, 4)]  # MicroPython has no steps here
        for values, name in zip(fast, ("sense_a", "sense_b", "e2", "battery")):
            figures.append(("fast_" + name + "_steps", round(spread(values), 2)))
        self.assertGreaterEqual(a_second, 1000 / 7)


if __name__ == "__main__":
    unittest.main()
    for name, value in figures:
        print("figure", name, value)
