"""The horny layer, measured apart from the electrodes [S-06].

20 µA put volts on the electrodes' double layers that no reading of V over I tells from skin. But
those only drift: when the current falls they stay where they are, and what follows at once is
resistance. Two windows before and two after say how they drift, and so how far the voltage fell.
Each lasts whole periods of 50 and of 60 Hz; the time of every frame counts, not their number.

What falls is the horny layer's and the hand's. A grip is larger than a roller, and has more
capacitance: where the voltage follows late for such a resistance most of it is the hand's, and may
hide that there is nothing else. How late is 2 ms rms of hum, ripple and of where a frame meets the
steps of the fall: what is close to the limit is measured up to three times, and the mean counts.
How much there is says the first alone: electrodes that have carried current for a second add kΩ of
their own.
"""

from micropython import const

from firmware.limits import HAND_NF, HAND_US, LEADS_OHM

WINDOW_MS = const(100)
_SETTLE_MS = const(40)  # 20 ms for the current, and ten of gelled skin's slowest time constants
_FALL_MS = const(12)  # where the middle of the fall lies
_LAG_US = const(1500)  # a frame reads the current so long before the voltage
_FRAMES = const(10)  # of the 15 in a window; slower ones read current and voltage too far apart
_LEAST_NA = const(4000)  # a fall by less measures nothing
_SURE_US = const(2500)  # so far from the limit one measurement is enough
_TIMES = const(3)


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
        self._fall = _Window()
        self.forget()
        self.start()

    def forget(self):
        """Somebody else is met: what was measured says nothing of them."""
        self._first_ohm = -1
        self._late_us = 0  # summed up
        self._times = 0

    def start(self):
        for window in self._windows:
            window.start()
        self._fall.start()
        self.ohm = -1  # skin and hand without leads and electrodes, -1 where too little was seen
        self.hides = False  # most of it is the hand's
        self.unsure = False  # whether it hides: once more
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
        since_ms = self._elapsed_ms - self._fell_ms
        if fresh and since_ms < WINDOW_MS:
            self._fall.add(measurement, self._elapsed_ms)
        since_ms -= _SETTLE_MS
        if fresh and since_ms >= 0:
            self._windows[2 if since_ms < WINDOW_MS else 3].add(measurement, self._elapsed_ms)
        if since_ms < 2 * WINDOW_MS:
            return False
        self._judge()
        return True

    def _judge(self):
        early, before, after, late = self._windows
        fall = self._fall
        if not (early.count and before.count and fall.count and after.count and late.count):
            return
        fell_na = before.na - after.na
        if fell_na < _LEAST_NA:
            return
        # Each side drawn on to the fall.
        at_ms = self._fell_ms + _FALL_MS
        fell = _drawn_on(early, before, at_ms) - _drawn_on(late, after, at_ms)
        load_ohm = fell * 1000 // ((fell_na + 50) // 100)
        ohm = load_ohm - LEADS_OHM
        ohm = ohm if ohm > 0 else 0
        if self._first_ohm < 0:
            self._first_ohm = ohm
        self.ohm = self._first_ohm
        # What the voltage has not done yet while the current falls, in times of its whole fall.
        behind = fall.tenth_mv - _drawn_on(late, after, fall.ms)
        behind -= (fall.na - after.na) * (load_ohm // 100) // 1000
        fell = fell_na * (ohm // 100) // 1000
        if fell > 0 and fall.count >= _FRAMES:
            self._late_us += behind * 1000 // fell * WINDOW_MS + _LAG_US
            self._times += 1
            over_us = self._late_us // self._times - ohm * HAND_NF // 1000 - HAND_US
            self.hides = over_us > 0
            self.unsure = self._times < _TIMES and -_SURE_US < over_us < _SURE_US


def _drawn_on(far, near, at_ms):
    """Voltage in 0.1 mV at that time."""
    ms = near.ms - far.ms
    near_tenth_mv = near.tenth_mv
    return near_tenth_mv + (near_tenth_mv - far.tenth_mv) * (at_ms - near.ms) // ms
