"""What each fault may do, and how it must show: the expectations of the campaign [R-01].

Numbers from the requirements, written down a second time on purpose.
"""

PEAK_UA = 660.0
EXCESS_UC = 2.0


def broken(row):
    """Reasons why this trial breaks R-01; empty where it holds."""
    why = []
    if row["error"]:
        why.append("exception: " + row["error"])
    if not row["peak_ua"] <= PEAK_UA:
        why.append("%.0f µA after 0.1 ms" % row["peak_ua"])
    if not row["excess_uc"] <= EXCESS_UC:
        why.append("%.2f µC of excess charge" % row["excess_uc"])
    return why


# How a fault must show that strikes while treating at 250 µA. The others are latent there: the
# next proof or self-test finds them (latent.py), or, as an open circuit, they are a pause.
NAMED_WHILE_TREATING = {
    "dac_full_scale": ("over_current", "over_setpoint"),
    "divider_open": ("over_setpoint",),
    "rset_short": ("comparator", "over_current"),
    "m1_short": ("comparator", "over_current"),
    "rset_open": ("sense_mismatch",),
    "rb_short": ("sense_mismatch",),
    "bridge_stuck_closed": ("load_short",),
    "i2c_hang": ("i2c",),
    "mcu_hang": ("heartbeat",),
}
