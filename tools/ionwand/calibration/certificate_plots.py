"""A certificate's two pictures: errors as found and as left in their limits, and residuals.

The band is read from the words that the verdict was given by, so that the two cannot differ.
"""

import io
from collections.abc import Sequence
from typing import Any

from ionwand.calibration.certificate_page import ROLLER, kohm, limits
from ionwand.calibration.result import Point, Result

_INK, _GREY, _BAND, _EDGE = "#1d2430", "#7a8594", "#e6f2ea", "#15803d"
_COLOURS = ("#1f5fbf", "#c2410c", "#6d28d9", "#0e7490", "#a16207")
_SIZE_IN = (7.4, 2.75)
DPI = 220


def errors(result: Result, kind: str) -> bytes:
    """As found and as left beside each other, as "svg" or "png"."""
    def draw(pyplot: Any) -> Any:
        figure, axes = pyplot.subplots(
            1, 2, figsize=_SIZE_IN, sharey=True, layout="constrained"
        )
        for axis, title, points, verdict in (
            (axes[0], "as found", result.as_found, result.found),
            (axes[1], "as left", result.as_left, result.left),
        ):  # fmt: skip
            axis.set_title(title, loc="left", fontsize=9.5, fontweight="bold", color=_INK)
            _band(axis, verdict.allowed, points)
            _scatter(axis, points, [one.error_na for one in points],
                     [2 * one.meter_u_na for one in points])  # fmt: skip
            axis.set_xlabel("setpoint (µA)")
        axes[0].set_ylabel("error (µA)")
        figure.legend(handles=_key(result), loc="outside lower center", frameon=False, ncols=8,
                      fontsize=8, handletextpad=0.4, columnspacing=1.6)  # fmt: skip
        return figure

    return _saved(draw, kind)


def residuals(result: Result, kind: str) -> bytes:
    """Of the line that was fitted through the as-found points of the DAC; nothing without them."""
    def draw(pyplot: Any) -> Any:
        figure, axis = pyplot.subplots(figsize=(_SIZE_IN[0], 1.75), layout="constrained")
        axis.axhline(0, color=_GREY, lw=0.8)
        points = result.as_found[: len(result.residuals_na)]
        _scatter(axis, points, result.residuals_na[: len(points)], None)
        axis.set_xlabel("setpoint (µA)")
        axis.set_ylabel("residual (µA)")
        axis.set_xlim(left=0)
        return figure

    return _saved(draw, kind)


def _key(result: Result) -> list[Any]:
    """Colours are loads, shapes are polarities."""
    from matplotlib.lines import Line2D

    def mark(label: str, bridge: int, colour: str) -> Any:
        return Line2D([], [], lw=0, color=colour, label=label, **_shape(bridge, colour))

    loads = _loads(result.as_left)[: len(_COLOURS)]
    handles = [mark(kohm(load), 1, colour) for load, colour in zip(loads, _COLOURS)]
    handles += [mark(f"roller {sign}", bridge, _GREY) for bridge, sign in ROLLER.items()]
    if limits(result.left.allowed):
        handles.append(Line2D([], [], color=_EDGE, lw=0.9, ls=(0, (4, 2)), label="allowed"))
    return handles


def _shape(bridge: int, colour: str) -> dict[str, Any]:
    if bridge == 1:
        return {"marker": "o", "ms": 4.2, "mfc": colour}
    return {"marker": "D", "ms": 3.8, "mfc": "white"}


def _loads(points: Sequence[Point]) -> list[float]:
    return sorted({one.load_ohm for one in points})


def _scatter(
    axis: Any, points: Sequence[Point], values_na: Sequence[float], bars_na: list[float] | None
) -> None:
    """One colour a load, one shape a polarity, side by side instead of on top of each other."""
    loads = _loads(points)
    groups = [(load, bridge) for load in loads for bridge in ROLLER]
    span = max([one.setpoint_na for one in points], default=0) / 1000
    for place, (load, bridge) in enumerate(groups):
        chosen = [index for index, one in enumerate(points)
                  if (one.load_ohm, one.bridge) == (load, bridge)]  # fmt: skip
        aside = (place - (len(groups) - 1) / 2) * span * 0.008
        colour = _COLOURS[loads.index(load) % len(_COLOURS)]
        axis.errorbar(
            [points[index].setpoint_na / 1000 + aside for index in chosen],
            [values_na[index] / 1000 for index in chosen],
            yerr=[bars_na[index] / 1000 for index in chosen] if bars_na else None,
            lw=0, elinewidth=0.8, color=colour, mew=1.0, zorder=3, **_shape(bridge, colour),
        )  # fmt: skip
    axis.grid(axis="y", color="#e6e9ee", lw=0.6, zorder=0)
    axis.set_axisbelow(True)


def _band(axis: Any, allowed: str, points: Sequence[Point]) -> None:
    axis.axhline(0, color=_GREY, lw=0.8, zorder=1)
    found = limits(allowed)
    if found is None or not points:
        return
    share, most_na = found
    ends = [0.0, max(one.setpoint_na for one in points) * 1.06]
    edge = [(one * share + most_na) / 1000 for one in ends]
    ends = [one / 1000 for one in ends]
    axis.fill_between(ends, [-one for one in edge], edge, color=_BAND, lw=0, zorder=0)
    for sign in (1, -1):
        axis.plot(ends, [sign * one for one in edge], color=_EDGE, lw=0.9, ls=(0, (4, 2)),
                  zorder=1)  # fmt: skip
    axis.set_xlim(0, ends[1])


def _saved(draw: Any, kind: str) -> bytes:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    style: Any = {
        "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"], "font.size": 8.5,
        "axes.edgecolor": _GREY, "axes.labelcolor": _INK, "axes.spines.top": False,
        "axes.spines.right": False, "axes.linewidth": 0.7, "xtick.color": _GREY,
        "ytick.color": _GREY, "xtick.labelcolor": _INK, "ytick.labelcolor": _INK,
        "svg.fonttype": "path", "svg.hashsalt": "ionwand", "axes.unicode_minus": True,
    }  # fmt: skip
    with pyplot.rc_context(style):
        figure = draw(pyplot)
        out = io.BytesIO()
        extra: Any = {"metadata": {"Date": None}} if kind == "svg" else {"dpi": DPI}
        figure.savefig(out, format=kind, **extra)
        pyplot.close(figure)
    data = out.getvalue()
    return data[data.index(b"<svg") :] if kind == "svg" else data
