"""Hardware, and the only place that knows any: `open_board()` finds out on what it runs."""

import sys


def open_board():
    """The board of this machine: the RP2040's own, or the simulated one anywhere else."""
    if sys.platform == "rp2":
        from hal.rp2.board import Rp2Board as Board
    else:
        from hal.sim.board import SimBoard as Board
    return Board()
