"""A made-up session as trace rows: what a faultless wand would have left.

Written by hand from the requirements, without firmware or plant, so that the checker, the plot
and the runner can be tested before and without them.
"""

from ionwand.trace.rows import HEADER, Row

TICK_US = 5000
RAMP_UA_S = 68.0
OHMS = 20_000.0


class Wand:
    """Appends rows; each method plays one stretch of a session."""

    def __init__(self):
        self.rows = []
        self.t_us = 0
        self.state = "selftest"
        self.set_ua = 0.0
        self.gate = 0
        self.contact = 0
        self.charge_uc = 0.0
        self.fault = ""
        self.row()

    def row(self):
        load_ua = self.set_ua if self.gate and self.contact else 0.0
        self.rows.append(
            Row(
                t_us=self.t_us,
                state=self.state,
                setpoint_ua=self.set_ua,
                dac_code=int(self.set_ua * 71.96),
                gate=self.gate,
                i_load_ua=load_ua,
                i_peak_ua=load_ua,
                sense_a_ua=load_ua,
                sense_b_ua=load_ua,
                v_load_mv=load_ua * OHMS / 1000,
                z_ohm=OHMS if load_ua > 15 else 0,
                dose_uc=round(self.charge_uc),
                true_charge_uc=self.charge_uc,
                contact=self.contact,
                led="#00ff00" if self.gate else "#000000",
                fault=self.fault,
            )
        )

    def pass_us(self, us):
        if self.gate and self.contact:
            self.charge_uc += self.set_ua * us / 1e6
        self.t_us += us

    def stay(self, state, seconds):
        self.state = state
        for _ in range(round(seconds * 1e6 / TICK_US)):
            self.pass_us(TICK_US)
            self.row()

    def ramp(self, state, target_ua, rate_ua_s):
        self.state = state
        step_ua = rate_ua_s * TICK_US / 1e6
        while self.set_ua != target_ua:
            self.pass_us(TICK_US)
            gap_ua = target_ua - self.set_ua
            self.set_ua += max(-step_ua, min(step_ua, gap_ua))
            self.row()

    def edge(self, **changes):
        """A row of its own, at once."""
        for name, value in changes.items():
            setattr(self, name, value)
        self.row()

    def treat(self, target_ua, seconds):
        self.edge(gate=1)
        self.ramp("ramping", target_ua, RAMP_UA_S)
        self.stay("treating", seconds)

    def lift(self, seconds):
        self.edge(contact=0)
        self.pass_us(1500)
        self.edge(gate=0, set_ua=0.0)
        self.stay("lifted", seconds)
        self.edge(contact=1)
        self.stay("lifted", 0.3)


def session(target_ua=250.0, seconds=4.0, lifts=1):
    """A short treatment with its start, lifts and end."""
    wand = Wand()
    wand.stay("selftest", 0.1)
    wand.stay("ready", 0.5)
    wand.stay("proving", 0.3)
    wand.stay("contact", 0.2)
    wand.edge(contact=1)
    wand.stay("contact", 0.3)
    wand.treat(target_ua, seconds)
    for _ in range(lifts):
        wand.lift(1.0)
        wand.treat(target_ua, seconds)
    wand.ramp("stopping", 0.0, 600.0)
    wand.edge(gate=0)
    wand.stay("done", 0.5)
    return wand.rows


def text(rows):
    """The trace file that holds `rows`."""
    return "\n".join([HEADER, *(",".join(str(cell) for cell in row) for row in rows)]) + "\n"
