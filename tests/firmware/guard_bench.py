"""A guard on the bench: amperes and volts in, codes and passes inside, answers out."""

from array import array

from firmware import guard

PASS_US = 500


def code_a(ua):
    """ADC code of sense A, 2.00 V/mA on 3.3 V."""
    return min(4095, round(ua * 2.0 / 1000 * 4096 / 3.3))


def code_b(ua):
    return min(4095, round(ua * 4.99 / 1000 * 4096 / 3.3))


def code_e2(mv):
    return min(4095, round(mv / 1000 * 1.1 / 11.1 * 4096 / 3.3))


class Bench:
    """Output armed and flowing at `ua` into a healthy load, unless told otherwise."""

    def __init__(self, ua=250, flowing=True):
        self.samples = array("H", [0] * 16)
        self.request = array("i", [0] * guard.RQ_SIZE)
        self.snapshot = array("i", [0] * guard.SN_SIZE)
        self.beating = True
        self.frame = 0
        self.load_mv = 5000
        self.precise_ua = None  # None: as sense A
        self.set(0, 0, 0)
        self.request[guard.RQ_ARM] = 1
        self.step()
        if flowing:
            self.request[guard.RQ_BRIDGE] = 1
            self.request[guard.RQ_OUTPUT] = 1
            self.ramped(ua)
            self.request[guard.RQ_SETPOINT_UA] = ua
            self.set(ua, ua, 20_000)
            assert self.step(20) == 1

    def ramped(self, ua):
        """As if the setpoint had risen to `ua` as slowly as it must [S-08]."""
        self.snapshot[guard.SN_CEILING_PA] = (ua + 17) * 1_000_000

    def set(self, a_ua, b_ua, e2_mv=20_000):
        for i in range(0, 16, 4):
            self.samples[i] = code_a(a_ua)
            self.samples[i + 1] = code_b(b_ua)
            self.samples[i + 2] = code_e2(e2_mv)
            self.samples[i + 3] = 1500

    def step(self, passes=1, dt_us=PASS_US, frames=False):
        """So many passes; the last answer. `frames`: a new precise frame with every pass."""
        answer = 0
        for _ in range(passes):
            if self.beating:
                self.request[guard.RQ_HEARTBEAT] = (self.request[guard.RQ_HEARTBEAT] + 1) & 0xFFFF
            if frames:
                self.frame += 1
                self.request[guard.RQ_FRAME] = self.frame
                a_ua = self.snapshot[guard.SN_A_UA]
                self.request[guard.RQ_PRECISE_A_UA] = (
                    a_ua if self.precise_ua is None else self.precise_ua
                )
                self.request[guard.RQ_LOAD_MV] = self.load_mv
            self.snapshot[guard.SN_DT_US] = dt_us
            answer = guard.guard_pass(self.samples, self.request, self.snapshot)
            assert answer == self.snapshot[guard.SN_FEED]
        return answer

    @property
    def trips(self):
        return self.snapshot[guard.SN_TRIPS]
