"""The horny layer, measured apart from the electrodes [S-06].

20 µA put volts on the electrodes' double layers that no reading of V over I tells from skin. But
those only drift: when the current falls they stay where they are, and what follows at once is
resistance. Two windows before say how they drift, one after says how far the voltage fell. Each
lasts whole periods of 50 and of 60 Hz; the time of every frame counts, not their number.
"""

from micropython import const

from firmware.limits import LEADS_OHM

WINDOW_MS = const(100)
_SETTLE_MS = const(40)  # 20 ms for the current, and ten of gelled skin's slowest time constants
_FALL_MS = const(12)  # where the middle of the fall lies
_LEAST_NA = const(4000)  # a fall by less measures nothing


class _Window:
    """Means of voltage in 0.1 mV, current in nA, time in ms."""

    def __init__(self):
        self.start()

    def start(self):
        self._mv = 0
        self._na = 0
        self._ms = 0
        self.count = 0

    def add(self, measurement, at_ms):
        self._mv += measurement.load_mv
        self._na += measurement.load_na
        self._ms += at_ms
        self.count += 1

    @property
    def tenth_mv(self):
        return self._mv * 10 // self.count

    @property
    def na(self):
        return self._na // self.count

    @property
    def ms(self):
        return self._ms // self.count


class Barrier:
    """One measurement: `before` while the probe's current flows, `fall`, `after`."""

    def __init__(self):
        self._windows = (_Window(), _Window(), _Window(), _Window())
        self.start()

    def start(self):
        for window in self._windows:
            window.start()
        self._elapsed_ms = 0
        self._fell_ms = 0

    def before(self, measurement, fresh, dt_ms, left_ms):
        """One tick with all of the current; `left_ms` until it falls."""
        self._elapsed_ms += dt_ms
        if fresh and left_ms < 2 * WINDOW_MS:
            self._windows[0 if left_ms >= WINDOW_MS else 1].add(measurement, self._elapsed_ms)

    def fall(self):
        """The current falls from now on."""
        self._fell_ms = self._elapsed_ms

    def after(self, measurement, fresh, dt_ms):
        """One tick after the fall; True where enough has been seen."""
        self._elapsed_ms += dt_ms
        since_ms = self._elapsed_ms - self._fell_ms - _SETTLE_MS
        if fresh and since_ms >= 0:
            self._windows[2 if since_ms < WINDOW_MS else 3].add(measurement, self._elapsed_ms)
        return since_ms >= 2 * WINDOW_MS

    @property
    def ohm(self):
        """Skin and hand without leads and electrodes, or -1 where too little was seen."""
        early, before, after, late = self._windows
        if not (early.count and before.count and after.count and late.count):
            return -1
        fell_na = before.na - after.na
        if fell_na < _LEAST_NA:
            return -1
        # Each side drawn on to the fall.
        at_ms = self._fell_ms + _FALL_MS
        fell = _drawn_on(early, before, at_ms) - _drawn_on(late, after, at_ms)
        ohm = fell * 1000 // ((fell_na + 50) // 100) - LEADS_OHM
        return ohm if ohm > 0 else 0


def _drawn_on(far, near, at_ms):
    """Voltage in 0.1 mV at that time."""
    ms = near.ms - far.ms
    near_tenth_mv = near.tenth_mv
    return near_tenth_mv + (near_tenth_mv - far.tenth_mv) * (at_ms - near.ms) // ms
