"""A black box as a picture: four currents, two voltages, gate and state, the last readings.

Two scales of time: the whole, and 60 ms around the fault, where parts are told apart.
"""

import io
from typing import Any

from ionwand.device import light
from ionwand.treatments import blackbox_words
from ionwand.treatments.blackbox_read import Box, Row

_CURRENTS = (
    ("setpoint_ua", "set", "#94a3b8", 3.5), ("fast_a_ua", "fast A (R_SET)", "#1f5fbf", 1.4),
    ("fast_b_ua", "fast B (R_B)", "#c2410c", 1.4),
    ("precise_a_ua", "precise A", "#15803d", 1.0),
)  # fmt: skip
_VOLTS = (("e2_mv", "e2, low rail", "#7c3aed"), ("load_mv", "load with leads", "#0e7490"))
_NEAR_MS = 60


def drawn(box: Box, kind: str) -> bytes:
    """PNG or SVG."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    style: Any = {"font.size": 8, "axes.spines.top": False, "axes.spines.right": False,
                  "svg.hashsalt": "ionwand", "svg.fonttype": "none",
                  "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"]}  # fmt: skip
    with pyplot.rc_context(style):
        figure, axes = pyplot.subplots(
            3, 2, figsize=(9.5, 6.0), sharex="col", gridspec_kw={"height_ratios": (4, 3, 1)}
        )
        for column, rows in enumerate((box.rows, _near(box.rows))):
            _currents(axes[0][column], rows, box.trip)
            _volts(axes[1][column], rows)
            _gate(axes[2][column], rows)
            for axis in axes[:, column]:
                axis.axvline(0, color="#111827", lw=0.8, ls=":")
            axes[2][column].set_xlabel("ms from the tick that saw the fault")
        axes[0][0].legend(loc="lower left", frameon=False, ncols=2, fontsize=7)
        axes[1][0].legend(loc="lower left", frameon=False, ncols=2, fontsize=7)
        meaning = light.FAULTS.get(box.first.split(", ")[0], ("", ""))[0]
        figure.suptitle(f"session {box.session}, {box.product}: {box.first}"
                        + (f" ({meaning})" if meaning else ""), fontsize=9)  # fmt: skip
        figure.text(0.01, 0.05, blackbox_words.told(box), fontsize=8)
        figure.text(0.01, 0.01, _last(box), fontsize=6, family="monospace")
        figure.tight_layout(rect=(0, 0.085, 1, 1))
        out = io.BytesIO()
        figure.savefig(out, format=kind, dpi=130, metadata={"Date": None} if kind == "svg" else {})
        pyplot.close(figure)
    return out.getvalue()


def _near(rows: list[Row]) -> list[Row]:
    return [row for row in rows if abs(row.t_ms) <= _NEAR_MS] or rows


def _currents(axis: Any, rows: list[Row], trip: tuple[int, int, int]) -> None:
    """Crosses: what the guard saw in the pass that tripped, between two rows."""
    at = [row.t_ms for row in rows]
    for name, label, color, width in _CURRENTS:
        axis.plot(at, [getattr(row, name) for row in rows], color=color, lw=width, label=label,
                  drawstyle="steps-post", marker="." if len(rows) < 40 else "", ms=3)  # fmt: skip
    if any(trip):
        near = abs(trip[0] - trip[1]) < 0.05 * axis.get_ylim()[1]
        for ua, label, color, up in ((trip[0], "A", "#1f5fbf", -8 if near else 2),
                                     (trip[1], "B", "#c2410c", 2)):  # fmt: skip
            axis.plot([0], [ua], marker="x", color=color, ms=7, mew=2, ls="")
            axis.annotate(f"{label} {ua} in the pass that tripped", (0, ua), (8, up),
                          textcoords="offset points", fontsize=6.5, color=color)  # fmt: skip
    axis.set_ylabel("µA")
    axis.set_ylim(bottom=-10)


def _volts(axis: Any, rows: list[Row]) -> None:
    at = [row.t_ms for row in rows]
    for name, label, color in _VOLTS:
        axis.plot(at, [getattr(row, name) / 1000 for row in rows], color=color, lw=1.4,
                  label=label, drawstyle="steps-post")  # fmt: skip
    axis.set_ylabel("V")


def _gate(axis: Any, rows: list[Row]) -> None:
    """Gate as a block, the precise converter's frames as ticks, states by name."""
    at = [row.t_ms for row in rows]
    axis.fill_between(at, [row.gate for row in rows], step="post", color="#94a3b8")
    fresh = [row.t_ms for row in rows if row.fresh]
    if len(rows) < 60:
        axis.plot(fresh, [1.25] * len(fresh), "|", color="#15803d", ms=5)
    state, height = "", 1.5
    room_ms = (at[-1] - at[0]) / 8
    last_ms = at[0] - room_ms
    for row in rows:
        if row.state != state:
            state = row.state
            height = 1.5 if height > 1.5 or row.t_ms - last_ms >= room_ms else 2.1
            last_ms = row.t_ms
            axis.text(row.t_ms, height, state, fontsize=6.5, rotation=0)
    axis.set_ylim(0, 2.8)
    axis.set_yticks([0.5], ["gate"])


def _last(box: Box) -> str:
    """The last row with the gate on, the guard's pass that tripped, and the row that saw it."""
    rows = box.rows
    before = [row for row in rows if row.t_ms < 0 and row.gate]
    seen = [row for row in rows if row.t_ms >= 0]
    words = []
    if any(box.trip):
        a_ua, b_ua, e2_mv = box.trip
        words.append(f"trip: A {a_ua} B {b_ua} µA, e2 {e2_mv} mV")
    for title, found in (("before", before[-1:]), ("at", seen[:1])):
        for row in found:
            words.append(f"{title} {row.t_ms:+d} ms: set {row.setpoint_ua:.1f} A {row.fast_a_ua} "
                         f"B {row.fast_b_ua} precise {row.precise_a_ua:.1f} µA, e2 {row.e2_mv} "
                         f"load {row.load_mv} mV")  # fmt: skip
    return "   ".join(words[:2]) + "\n" + "".join(words[2:])
