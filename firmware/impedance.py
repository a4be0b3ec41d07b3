"""Skin resistance as the wand sees it: V over I, once a second, leads taken off [F-09].

And a step of it that no hand makes: something else has come to lie beside the skin.
"""

from micropython import const

from firmware.limits import LEADS_OHM

_MIN_NA = const(2000)  # below 2 µA a millivolt is worth more than the reading
_WINDOW_MS = const(1000)
# At constant current the voltage falls; half as much again over the lowest value means drying,
# depletion or lifting [D]. Below 10 kΩ it is the roller moving. A roller that moves meets patches
# of a third and of three times for a second or two: what is compared are means of sixteen seconds.
_RISING_FROM_OHM = const(10_000)
_SLOW_S = const(16)


def drop_mv(ohm, na):
    """What `na`, to 0.1 µA, makes of `ohm`, to 10 Ω: below 2**30 up to 1 MΩ at 1 mA."""
    return ohm // 10 * (na // 100) // 1000


def load_ohm(load_mv, load_na):
    """Resistance across the bridge in Ω, leads included, or -1 where too little flows."""
    if not load_na >= _MIN_NA:
        return -1
    return load_mv * 10_000 // ((load_na + 50) // 100)


def skin_ohm(load_mv, load_na):
    """Resistance between roller and return electrode in Ω, or -1 where too little flows."""
    ohm = load_ohm(load_mv, load_na)
    if ohm < 0:
        return -1
    return ohm - LEADS_OHM if ohm > LEADS_OHM else 0


class Impedance:
    """`z_ohm` is the mean of the last full second, 0 before there is one."""

    def __init__(self):
        self.start()

    def start(self):
        """A new session: nothing is known."""
        self.z_ohm = 0
        self.lowest_ohm = 0
        self._slow_ohm = 0
        self._slow_s = 0
        self._least_ohm = 0  # of the slow mean
        self.resume()

    def resume(self):
        """A new contact: what was half collected is dropped."""
        self.rising = False
        self._sum_mv = 0
        self._sum_na = 0
        self._count = 0
        self._elapsed_ms = 0

    def end(self, ohm):
        """What ended the session, at once: its second will never be full."""
        self.z_ohm = ohm
        self.lowest_ohm = ohm

    def step(self, measurement, fresh, dt_ms):
        """Collect a frame; True once a second, when `z_ohm` is new."""
        self._elapsed_ms += dt_ms
        if fresh and measurement.load_na >= _MIN_NA:
            # 200 frames a second: the sums stay below 2**30 at 27 V and 500 µA.
            self._sum_mv += measurement.load_mv
            self._sum_na += measurement.load_na
            self._count += 1
        if self._elapsed_ms < _WINDOW_MS:
            return False
        count = self._count
        if count:
            self.z_ohm = skin_ohm(self._sum_mv // count, self._sum_na // count)
            if not self.lowest_ohm or self.z_ohm < self.lowest_ohm:
                self.lowest_ohm = self.z_ohm
            self.rising = self._rises()
        self._sum_mv = 0
        self._sum_na = 0
        self._count = 0
        self._elapsed_ms = 0
        return count > 0

    def _rises(self):
        z_ohm = self.z_ohm
        if self._slow_s < _SLOW_S:
            self._slow_s += 1
        self._slow_ohm += (z_ohm - self._slow_ohm) // self._slow_s
        if self._slow_s < _SLOW_S:
            return False
        if not 0 < self._least_ohm <= self._slow_ohm:
            self._least_ohm = self._slow_ohm
        worst_ohm = self._least_ohm + self._least_ohm // 2
        return z_ohm > _RISING_FROM_OHM and z_ohm > worst_ohm and self._slow_ohm > worst_ohm


# Healthy hands, drawn people and hum in the simulator: by 6 % in five frames, 30 ms. A relay, a
# switch or a ring takes a millisecond or two, and is level before and after; a hand that presses
# as fast as it can is on its way before and after as well.
_FALL_MV = const(250)  # six times 40 mV, rms of hum and ripple from one frame to the next
_FALL_SHIFT = const(3)  # by an eighth of what is left: a ninth of what it was
_LEVEL = const(4)  # times what it moves before and after: a hand that closes takes 0.1 s
_STEP_FROM_NA = const(40_000)
# What is left is less than any skin, or close to it: treatment.py judges that by what it is.
_STEP_TO_OHM = const(3_500)  # LEADS_OHM and one and a half times SKIN_MIN_OHM
_FRAMES = const(5)  # two before, one in which it happens, two after


class Step:
    """Has the resistance fallen in a step, to where it stays? Skin cannot do that [S-05]."""

    def __init__(self):
        self._ohm = [0] * _FRAMES
        self.start()

    def start(self):
        """What was is no measure any more: the current came back, or is not regulated."""
        self._count = 0

    def step(self, measurement):
        """Take a frame; True where the load has stepped down."""
        if measurement.saturated or measurement.load_na < _STEP_FROM_NA:
            self._count = 0
            return False
        ohm = self._ohm
        ohm[0] = ohm[1]
        ohm[1] = ohm[2]
        ohm[2] = ohm[3]
        ohm[3] = ohm[4]
        ohm[4] = measurement.load_ohm
        if self._count < _FRAMES:
            self._count += 1
            return False
        after = ohm[3] if ohm[3] > ohm[4] else ohm[4]
        fall = (ohm[0] if ohm[0] < ohm[1] else ohm[1]) - after
        if after < _STEP_TO_OHM or fall <= after >> _FALL_SHIFT:
            return False
        # Hum and ripple on four frames of little voltage look like a fall, too.
        return (
            drop_mv(fall, measurement.load_na) > _FALL_MV
            and fall > (abs(ohm[0] - ohm[1]) + abs(ohm[3] - ohm[4])) * _LEVEL
        )
