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
