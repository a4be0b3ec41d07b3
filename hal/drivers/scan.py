"""The ADS1115's four inputs in turn, for boards without its ready line: asked, not waited for.

hal/rp2 goes by that line (conversions.py), so that this is not on the wand [P-08].
"""

from array import array

from micropython import const

# A conversion takes 1057 to 1292 µs, for its clock is ±10 % [DS] 7.5, and 25 µs of wake-up by
# [DS] 9.4.2.1 but 110 µs by TI's engineers (e2e thread 477911). So time says only when to ask for
# the first time, and when to wait no longer: a tick of the main loop may stand between a clock
# that was read and the bus. Whether a result is there, the part itself says.
ASK_US = const(1150)
BOUND_US = const(10_000)

_TICKS_MASK = const(0x3FFFFFFF)  # ticks_us() wraps at 2**30
_FRAME_MASK = const(0x3FFFFFFF)
_ETIMEDOUT = const(110)

# States of a scan.
_LOST = const(0)  # nobody knows what the part does
_ENDING = const(1)  # a conversion that somebody else began comes to its end
_CONVERTING = const(2)


class Scan:
    """AIN0..AIN3 in turn, as fast as the part converts and `poll` is called.

    `frame` is an array("i"): [number of complete frames, AIN0, AIN1, AIN2, AIN3]. The four are
    always the latest four results: between two frames some are younger than the number says.
    """

    def __init__(self, adc, frame=None):
        self._adc = adc
        self.frame = array("i", [0] * 5) if frame is None else frame
        self._channel = 0
        self._since_us = 0
        self._state = _LOST

    def poll(self, now_us):
        """Fetch a result that is there and start the next; True when that completed a frame.

        `now_us`: a time not later than this call. OSError leaves the scan stopped; a later poll
        starts the same input again once the part is idle, because after an error nobody knows
        which input a result would belong to [S-19]. A part that converts for longer than any may
        is an error, too.
        """
        state = self._state
        adc = self._adc
        if state == _LOST:
            self._since_us = now_us
            state = _ENDING
        waited_us = (now_us - self._since_us) & _TICKS_MASK
        if state == _CONVERTING and waited_us < ASK_US:
            return False
        self._state = _LOST
        if not (adc.ready() if state == _CONVERTING else not adc.busy()):
            if waited_us >= BOUND_US:
                raise OSError(_ETIMEDOUT)
            self._state = state
            return False
        channel = self._channel
        whole = False
        if state == _CONVERTING:
            frame = self.frame
            channel += 1
            frame[channel] = adc.read()
            if channel == 4:
                channel = 0
                frame[0] = (frame[0] + 1) & _FRAME_MASK
                whole = True
            self._channel = channel
        adc.start(channel)
        self._since_us = now_us
        self._state = _CONVERTING
        return whole
