"""Dose is charge: what was measured to flow through the load, summed over the session [F-08]."""

from micropython import const

_PC_PER_UC = const(1_000_000)


class Dose:
    """`dose_uc` since `start()`. nA times ms are pC; the rest below a µC is carried."""

    def __init__(self):
        self.start()

    def start(self):
        self.dose_uc = 0
        self._rest_pc = 0

    def step(self, load_na, dt_ms):
        """Add `load_na` (0..1,000,000) flowing for `dt_ms` (0..100)."""
        rest_pc = self._rest_pc + load_na * dt_ms
        self.dose_uc += rest_pc // _PC_PER_UC
        self._rest_pc = rest_pc % _PC_PER_UC
