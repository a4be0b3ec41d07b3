"""Waiting inside a test: for time, or for readings that began after now. Never for ticks.

A tick is as long as the chip makes it, and a frame of the precise converter as long as that part
makes it. Generators: each `yield` waits for the next tick, which begins with `output.beat()`.
"""

from micropython import const

_WRAP = const(0x3FFFFFFF)
_HALF = const(0x20000000)
_FRAMES_MAX_MS = const(250)  # a bound for whoever doesn't ask output.py, which sees it earlier


def passed(output, since_ms, ms):
    """True where this tick began at least `ms` after `since_ms` (of `board.ticks_ms()`)."""
    # It may have begun before, where `since_ms` is of this very tick.
    return ms <= (output.now_ms - since_ms) & _WRAP < _HALF


def wait(output, board, ms):
    """Until a tick that began at least `ms` after this call. Always one tick."""
    since_ms = board.ticks_ms()
    yield
    while not passed(output, since_ms, ms):
        yield


def readings(output, board, settle_ms):
    """Until a frame is there that began at least `settle_ms` after this call.

    The one under way at that moment does not count: two have to end. OSError where they don't.
    """
    yield from wait(output, board, settle_ms)
    first = output.measurement.frame
    since_ms = board.ticks_ms()
    while (output.measurement.frame - first) & _WRAP < 2:
        if passed(output, since_ms, _FRAMES_MAX_MS):
            raise OSError("no readings of the precise converter")
        yield
