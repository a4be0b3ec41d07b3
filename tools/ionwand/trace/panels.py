"""The panels of a session's plot: each draws one thing from the trace onto its axes.

Colours are Okabe and Ito's, which colour-blind readers tell apart; what matters is told by
position and words too.
"""

from collections.abc import Callable, Sequence
from typing import Any

from ionwand.device import source
from ionwand.trace.rows import Row, lifts

BLUE, ORANGE, GREEN, RED = "#0072b2", "#e69f00", "#009e73", "#d55e00"
INK, GREY, PALE = "#222222", "#8a8a8a", "#ececec"
STATE_COLOURS = {
    "selftest": "#d9d9d9",
    "ready": "#f0f0f0",
    "asleep": "#e4e4e4",
    "proving": "#cfe3f1",
    "contact": "#a6cde8",
    "ramping": "#8fd3bd",
    "treating": "#4fb99a",
    "bounced": "#f7e3b5",
    "lifted": "#f3cf85",
    "stopping": "#f0e442",
    "done": "#e4e4e4",
    "refused": "#e5b5d0",
    "fault": "#e08a5a",
}
FLOWING = ("ramping", "treating", "stopping")
_UC_PER_MAMIN = 60_000
_TOUCH_MAX_MV = 500.0  # S-21
_LABEL_MIN = 0.045  # of the width: a narrower stretch of state is told by the legend alone


def title(figure: Any, rows: Sequence[Row], product: str, end: str) -> None:
    dose_ma_min = max(row.dose_uc for row in rows) / 60_000
    output_us = sum(b.t_us - a.t_us for a, b in zip(rows, rows[1:]) if a.state in FLOWING)
    figure.suptitle(
        f"{product}: {end.replace('_', ' ')}",
        x=0.012,
        ha="left",
        fontsize=15,
        fontweight="bold",
        color=INK,
    )
    pauses = _times(sum(since_s < _over_s(rows) for since_s, _ in lifts(rows)))
    text = f"{dose_ma_min:.3f} mA·min in {output_us / 1e6:.0f} s of output, {pauses}"
    figure.text(0.988, 0.982, text, ha="right", va="top", fontsize=10, color=GREY)


def _times(count: int) -> str:
    return "no lift" if count == 0 else "1 lift" if count == 1 else f"{count} lifts"


def _seconds(rows: Sequence[Row]) -> list[float]:
    return [row.t_us / 1e6 for row in rows]


def _over_s(rows: Sequence[Row]) -> float:
    """When the session ended; what the skin does later is nobody's concern."""
    ends = ("done", "refused", "fault")
    return next((row.t_us / 1e6 for row in rows if row.state in ends), float("inf"))


def _only(rows: Sequence[Row], value: Callable[[Row], float], shown: Callable[[Row], bool]) -> Any:
    """`value` of each row, and a gap in the curve where it isn't to be shown."""
    return [value(row) if shown(row) else float("nan") for row in rows]


def _plain(axis: Any, label: str) -> None:
    axis.set_ylabel(label)
    axis.grid(axis="y", color=PALE, linewidth=0.8)
    axis.set_axisbelow(True)


def _legend(axis: Any) -> None:
    # Above the axes: inside it would sooner or later lie on a curve.
    axis.legend(
        loc="lower right", bbox_to_anchor=(1, 0.97), ncols=4, frameon=False, fontsize=8.5,
        handlelength=1.8, borderaxespad=0.2, columnspacing=1.6,
    )  # fmt: skip


def current(axis: Any, rows: Sequence[Row]) -> None:
    at_s = _seconds(rows)
    # In self-test and proof the setpoint goes into the dummy, not into a person.
    wished = _only(
        rows, lambda row: row.setpoint_ua, lambda row: row.state not in ("selftest", "proving")
    )
    axis.plot(at_s, wished, color=ORANGE, lw=4, alpha=0.5, label="set")
    touches = _touches(rows)
    delivered = _only(rows, lambda row: row.i_load_ua, lambda row: row.t_us not in touches)
    axis.plot(at_s, delivered, color=BLUE, lw=1.3, label="delivered")
    shown_ua = [value for value in delivered if value == value]
    highest = max(*(row.setpoint_ua for row in rows), *shown_ua)
    axis.set_ylim(0, max(50.0, min(highest, 900.0) * 1.08))
    _plain(axis, "current, µA")
    _legend(axis)


def _touches(rows: Sequence[Row]) -> set[int]:
    """When the roller came to skin uncharged [S-21], in µs. What then flows for a microsecond is
    told by its charge, in the summary; the touch of a charged roller is drawn.
    """
    return {
        row.t_us
        for before, row in zip(rows, rows[1:])
        if row.contact > before.contact and before.v_load_mv <= _TOUCH_MAX_MV
    }


def voltage(axis: Any, rows: Sequence[Row]) -> None:
    at_s = _seconds(rows)

    def volts(row: Row) -> float:
        return row.v_load_mv / 1000

    # While probing, the open output runs to the supply's voltage and back many times a second.
    probing = _only(rows, volts, lambda row: row.state not in FLOWING)
    axis.plot(at_s, probing, color="#dcdcdc", lw=0.5)
    axis.plot([], [], color="#dcdcdc", lw=5, label="probing for contact")
    flowing = _only(rows, volts, lambda row: row.state in FLOWING and row.contact == 1)
    axis.plot(at_s, flowing, color=GREEN, lw=1.4)
    _legend(axis)
    axis.set_ylim(bottom=0)
    _plain(axis, "load voltage, V")


def impedance(axis: Any, rows: Sequence[Row]) -> None:
    measured = _only(
        rows, lambda row: row.z_ohm / 1000, lambda row: row.z_ohm > 0 and row.state in FLOWING
    )
    axis.set_yscale("log")
    axis.plot(_seconds(rows), measured, color=RED, lw=1.4)
    known = [value for value in measured if value == value]
    low, high = (min(known), max(known)) if known else (1.0, 100.0)
    # At least a decade: else noise in the last digit would fill the panel.
    middle = (low * high) ** 0.5
    axis.set_ylim(min(low / 1.3, middle / 3.2), max(high * 1.3, middle * 3.2))
    axis.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axis.yaxis.set_minor_formatter(lambda value, _: f"{value:g}" if _leads(value) else "")
    axis.tick_params(axis="y", which="minor", labelsize=7.5)
    _plain(axis, "impedance, kΩ")


def _leads(value: float) -> bool:
    return f"{value:e}"[0] in "25"


def dose(axis: Any, rows: Sequence[Row], product: str) -> None:
    at_s = _seconds(rows)
    flowed = [row.true_charge_uc / _UC_PER_MAMIN for row in rows]
    axis.plot(at_s, flowed, color=BLUE, lw=3, alpha=0.35, label="charge that flowed")
    counted = [row.dose_uc / _UC_PER_MAMIN for row in rows]
    axis.plot(at_s, counted, color=BLUE, lw=1.2, label="dose counted")
    goal = source.dose_uc(product) / _UC_PER_MAMIN
    if goal:
        axis.axhline(goal, color=INK, lw=0.9, ls=(0, (2, 2)), label=f"target {goal:g} mA·min")
    axis.set_ylim(0, max(goal, *flowed, 0.01) * 1.1)
    _plain(axis, "dose, mA·min")
    _legend(axis)


def states(axis: Any, rows: Sequence[Row]) -> None:
    """A band of colours with the names in it."""
    spans: list[list[Any]] = []
    for row in rows:
        at_s = row.t_us / 1e6
        if spans:
            spans[-1][2] = at_s
        if not spans or spans[-1][0] != row.state:
            spans.append([row.state, at_s, at_s])
    begin_s, end_s = rows[0].t_us / 1e6, max(rows[-1].t_us / 1e6, rows[0].t_us / 1e6 + 0.1)
    unlabelled: dict[str, str] = {}
    labelled = set()
    for state, since_s, until_s in spans:
        colour = STATE_COLOURS.get(state, PALE)
        axis.axvspan(since_s, until_s, color=colour, lw=0)
        if until_s - since_s >= max(_LABEL_MIN, 0.0085 * len(state)) * (end_s - begin_s):
            axis.text((since_s + until_s) / 2, 0.5, state, ha="center", va="center", fontsize=8.5)
            labelled.add(state)
        else:
            unlabelled[state] = colour
    axis.set(ylim=(0, 1), yticks=[], xlim=(begin_s, end_s))
    axis.set_xlabel("time, s", loc="left")
    axis.set_ylabel("state", rotation=0, ha="right", va="center")
    for side in ("left", "bottom"):
        axis.spines[side].set_visible(False)
    from matplotlib.patches import Patch

    patches = [
        Patch(facecolor=colour, label=state)
        for state, colour in unlabelled.items()
        if state not in labelled
    ]
    if patches:
        axis.legend(
            handles=patches, loc="upper right", bbox_to_anchor=(1, -0.55), ncols=len(patches),
            frameon=False, fontsize=8.5, handlelength=1, columnspacing=1.4, borderaxespad=0,
        )  # fmt: skip


def shade(axes: Sequence[Any], rows: Sequence[Row]) -> None:
    """Times without contact, from the first touch to the session's end."""
    over_s = _over_s(rows)
    label = "lifted"
    for since_s, until_s in lifts(rows):
        if since_s >= over_s:
            continue
        for axis in axes[:-1]:
            axis.axvspan(since_s, min(until_s, over_s), color="#f3cf85", alpha=0.45, lw=0)
        if label:
            middle = (since_s + min(until_s, over_s)) / 2
            axes[0].annotate(
                label, (middle, 1.0), xycoords=("data", "axes fraction"), ha="center",
                va="bottom", fontsize=8.5, color="#8a6414",
            )  # fmt: skip
