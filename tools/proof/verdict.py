"""What each fault may do, and how it must show: the expectations of the campaign [R-01].

Numbers from the requirements, written down a second time on purpose.
"""

PEAK_UA = 660.0
EXCESS_UC = 2.0


# By what names a fault may show, in whatever state it strikes; any other is a wrong name [S-20].
# A stuck converter shows as what it seems to read; a short or a full-scale DAC trips whichever of
# comparator and guard is first, and at a probe's 20 µA the precise converter's load is first.
NAMES = {
    # While the proof has the comparator's threshold down, that is first.
    "dac_full_scale": ("over_current", "over_setpoint", "comparator"),
    "divider_open": ("over_current", "over_setpoint", "comparator"),
    # At the setpoints of a probe and of the self-test the guard's comparison with them is first.
    "rset_short": ("comparator", "over_current", "over_setpoint"),
    "m1_short": ("comparator", "over_current", "over_setpoint"),
    # As the self-test looks for what the dummy leaves behind, it reads like skin that lies there.
    "rset_open": ("sense_mismatch", "load_short", "dummy_reading"),
    "rb_short": ("sense_mismatch",),
    "bridge_stuck_closed": ("load_short", "dummy_reading"),
    # In the few ms in which the comparator should trip it looks like a latch that does not hold.
    "bridge_stuck_open": ("dummy_reading", "comparator"),
    # Here it turns under current, as no relay does that sticks: the skin's own voltage drives
    # backwards, which no load can.
    "bridge_stuck_1": ("bridge_sign", "dummy_reading", "load_short"),
    "bridge_stuck_2": ("bridge_sign", "dummy_reading", "load_short"),
    "dummy_welded": ("dummy_reading", "bridge_sign"),
    # Within the self-test's frame that reads the dummy, e1 jumps by what the diode had dropped.
    "diode_short": ("limiting_diode", "dummy_reading"),
    "comparator_dead": ("comparator",),
    "m2_short": ("gate_m2",),
    "k1_stuck_on": ("gate_k1",),
    "monostable_stuck": ("monostable",),
    "adc_stuck": ("over_setpoint", "precise_mismatch", "gate_k1", "gate_leak", "dummy_reading",
                  "zero_reading", "guard_late", "dac"),
    "i2c_hang": ("i2c",),
    "mcu_hang": ("heartbeat",),
}
# Faults that must have their name within the trial where they strike while treating at 250 µA.
SEEN_WHILE_TREATING = ("dac_full_scale", "divider_open", "rset_short", "m1_short", "rset_open",
                       "rb_short", "bridge_stuck_closed", "i2c_hang", "mcu_hang")  # fmt: skip
# What has no name in the state where it struck has one at the next start, before anybody is
# treated: latent.py shows it.


def broken(row):
    """Reasons why this trial breaks R-01; empty where it holds. A pair may show as either."""
    why = []
    if row["error"]:
        why.append("exception: " + row["error"])
    if not row["peak_ua"] <= PEAK_UA:
        why.append("%.0f µA after 0.1 ms" % row["peak_ua"])
    if not row["excess_uc"] <= EXCESS_UC:
        why.append("%.2f µC of excess charge" % row["excess_uc"])
    if row["off_us"] < 0:  # whoever sees nothing wrong stops it after 0.2 s
        why.append("the gate was never off")
    if len(row["faults"]) == 1:
        fault = row["faults"][0]
        if row["name"] and row["name"] not in NAMES[fault]:
            why.append("shown as " + row["name"])
        if row["state"] == "treating" and fault in SEEN_WHILE_TREATING and not row["name"]:
            why.append("no name")
    return why
