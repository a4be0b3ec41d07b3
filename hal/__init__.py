"""Hardware, and the only place that knows any: `open_board()` finds out on what it runs."""

import sys

# The one list of versions this firmware is for: each (1.26.1, 1.27.0, 1.28.0, a preview of
# 1.29) has run it on the emulated chip up to READY. Build, flash, image and the wand itself ask
# this list, and what is not on it is refused, newer ones too.
MICROPYTHON = ((1, 26), (1, 27), (1, 28), (1, 29))


def refused(version):
    """None where this MicroPython, (major, minor, ...), is on the list, else one line."""
    if tuple(version[:2]) in MICROPYTHON:
        return None
    known = ", ".join(["%d.%d" % pair for pair in MICROPYTHON])
    return "MicroPython %d.%d: this firmware is for %s; see docs/flashing.md" % (
        version[0],
        version[1],
        known,
    )


def open_board():
    """The board of this machine: the RP2040's own, or the simulated one anywhere else."""
    if sys.platform == "rp2":
        from hal.rp2.board import Rp2Board as Board
    else:
        from hal.sim.board import SimBoard as Board
    return Board()
