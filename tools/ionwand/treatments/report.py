"""One session on one HTML page: figures on top, three curves, what the words mean.

Everything is in the file (plots as SVG), so that it can be put into a client's file and opened
in twenty years. Figures are the wand's own; nothing is claimed about their effect.
"""

import io
from pathlib import Path
from typing import Any

import jinja2

from ionwand.device import light
from ionwand.treatments import blackbox_plot
from ionwand.treatments.blackbox_read import Box

_TEMPLATE = Path(__file__).with_name("report.html.j2")
_INK, _GREY, _BLUE, _RED, _GREEN = "#1d2430", "#6b7686", "#1f5fbf", "#c2410c", "#15803d"
_BAND, _PAUSE = "#cbd5e3", "#eef1f5"
_UC_PER_MAMIN = 60_000
ENDED = {
    "complete": "What was set was delivered in full.",
    "stopped": "Stopped by a press of the button, before its end.",
    "rest": "The skin had had enough for an hour: a rest of 30 minutes was asked for.",
    "timeout": "A hard limit of time or charge was reached.",
    "no contact": "The roller was off the skin for 60 s.",
    "battery low": "The battery ran low.",
    "vbus": "A charger was connected.",
    "product": "Its ions give no polarity.",
    "too conductive": "The skin conducted too well: its barrier may be broken. Nothing was given.",
}


def curves(session: dict[str, Any]) -> str:
    """Current, impedance and dose over time, as SVG. A point is the mean of its interval."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    step = session["interval_s"]
    series = session["series"]
    edges = [index * step for index in range(len(series) + 1)]
    delivered = [point[1] for point in series]
    # Off the skin there is no reading: what the wand keeps meanwhile is its last one.
    kohm = [point[2] / 1000 if point[2] and point[1] else float("nan") for point in series]
    sums = [0.0]
    for ua in delivered:
        sums.append(sums[-1] + ua * step / _UC_PER_MAMIN)
    target = session["target_uc"] / _UC_PER_MAMIN
    style: Any = {
        "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"], "font.size": 9,
        "axes.edgecolor": _GREY, "axes.labelcolor": _INK, "axes.spines.top": False,
        "axes.spines.right": False, "axes.linewidth": 0.7, "xtick.color": _GREY,
        "ytick.color": _GREY, "svg.fonttype": "none", "svg.hashsalt": "ionwand",
    }  # fmt: skip
    with pyplot.rc_context(style):
        figure, (current, impedance, dose) = pyplot.subplots(
            3, 1, sharex=True, figsize=(7.4, 4.9), gridspec_kw={"height_ratios": (3, 2, 2)}
        )
        current.stairs([point[0] for point in series], edges, color=_BAND, lw=4, label="set")
        current.stairs(delivered, edges, color=_BLUE, lw=1.5, label="delivered")
        current.set_ylabel("current (µA)")
        current.set_ylim(0, max([session["setpoint_ua"], *delivered, 50]) * 1.15)
        current.legend(loc="lower right", bbox_to_anchor=(1, 1), frameon=False, ncols=2,
                       borderaxespad=0)  # fmt: skip
        impedance.plot([at + step / 2 for at in edges[:-1]], kohm, color=_RED, lw=1.5,
                       marker="." if len(series) < 4 else "")  # fmt: skip
        impedance.set_ylabel("impedance (kΩ)")
        impedance.set_ylim(0, max([one for one in kohm if one == one], default=10) * 1.2)
        dose.plot(edges, sums, color=_GREEN, lw=1.5)
        if target:
            dose.axhline(target, color=_GREY, lw=1, ls=(0, (4, 2)))
            dose.annotate("to be given", (0, target), (3, 3), textcoords="offset points",
                          color=_GREY, fontsize=8)  # fmt: skip
        dose.set_ylabel("dose (mA·min)")
        dose.set_ylim(0, max(target, *sums, 0.05) * 1.3)
        dose.set_xlabel("minutes since arming")
        dose.set_xlim(0, edges[-1])
        dose.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 1.2, 1.5, 3, 6, 10]))
        clock = FuncFormatter(lambda at, _place: f"{int(at) // 60}:{int(at) % 60:02d}")
        dose.xaxis.set_major_formatter(clock)
        for axis in (current, impedance, dose):
            axis.set_axisbelow(True)
            axis.grid(axis="y", color="#e6e9ee", lw=0.7)
            for index in (index for index, one in enumerate(delivered) if not one):
                axis.axvspan(edges[index], edges[index + 1], color=_PAUSE, lw=0, zorder=0)
        figure.align_ylabels()
        figure.tight_layout(h_pad=0.7)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
        pyplot.close(figure)
    return _svg(out.getvalue())


def _svg(text: str) -> str:
    return text[text.index("<svg") :]


def _minutes(ms: int) -> str:
    return f"{ms // 60_000}:{ms // 1000 % 60:02d} min"


def _kohm(ohm: int) -> str:
    return f"{ohm / 1000:.1f} kΩ" if ohm else "–"


def _words(ended: str, by_time_limited: bool = False) -> str:
    """Why it ended, for somebody who was not there. `by_time_limited`: time was what was set, and
    resistance kept the current below what was set meanwhile."""
    if ended == "complete" and by_time_limited:
        return "The time that was set is over; resistance kept the current below what was set."
    if not ended.startswith("fault: "):
        return ENDED.get(ended, "")
    name = ended.removeprefix("fault: ").split(", ")[0]
    meaning, helps = light.FAULTS.get(name, ("unknown to this program", ""))
    after = f"Then: {helps}." if helps else "It wants service before it is used again."
    return f"The wand cut the current: {meaning}. {after}"


def _facts(session: dict[str, Any]) -> list[tuple[str, str]]:
    charge = session["ion_charge"]
    signed = f"{charge / 100:+.2f} e".replace("-", "−")
    ions = f"{'anion' if charge < 0 else 'cation'}, {signed}" if charge else "none: neutral"
    return [
        ("Ions of the product", "unknown" if charge == -32768 else ions),
        ("Roller", {1: "− (cathode)", 2: "+ (anode)"}.get(session["bridge"], "open")),
        ("Device polarity", {1: "positive", 2: "negative"}.get(session["bridge"], "none")),
        ("Current, set", f"{session['setpoint_ua']} µA"),
        ("Current, delivered mean", f"{session['mean_ua']} µA"),
        ("Highest, read once a second", f"{session['peak_ua']} µA"),
        ("Time with current", _minutes(session["output_ms"])),
        ("Time since arming", _minutes(session["session_ms"])),
        ("Lifts", str(session["lifts"])),
        ("Impedance at the first touch", _kohm(session["z_first_ohm"])),
        ("Impedance, lowest", _kohm(session["z_min_ohm"])),
        ("Impedance, highest", _kohm(session["z_max_ohm"])),
        ("Impedance at the end", _kohm(session["z_last_ohm"])),
        ("Battery, start and end",
         f"{session['battery_start_mv'] / 1000:.2f} V, {session['battery_end_mv'] / 1000:.2f} V"),
    ]  # fmt: skip


def render(
    session: dict[str, Any], product: Any, *, ended: str, reference: str = "", made: str = "",
    box: Box | None = None,
) -> str:  # fmt: skip
    """The page. `product`: the wand's entry, None where its catalogue has changed since; `box`:
    what was seen around the fault that ended it."""
    flags = session["flags"]
    marks = [text for bit, text in ((2, "after a peel"), (4, "electroosmosis"),
             (8, "resistance limited the current")) if flags & bit]  # fmt: skip
    version = session["firmware"]
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        number=session["number"],
        kind="Patch test" if flags & 1 else "Treatment",
        product=product.name if product else session["product"],
        product_id=session["product"],
        notes=product.notes if product else "",
        reference=reference,
        made=made,
        ended=ended.replace("_", " "),
        ended_words=_words(ended, bool(flags & 8) and not session["target_uc"]),
        good=ended == "complete",
        dose=f"{session['dose_uc'] / _UC_PER_MAMIN:.2f}",
        target=f"{session['target_uc'] / _UC_PER_MAMIN:.2f}" if session["target_uc"] else "",
        mean=session["mean_ua"],
        minutes=_minutes(session["output_ms"]),
        lifts=session["lifts"],
        marks=marks,
        facts=_facts(session),
        curves=curves(session) if session["series"] else "",
        box=_svg(blackbox_plot.drawn(box, "svg").decode()) if box else "",
        versions=f"firmware {version >> 16}.{version >> 8 & 255}.{version & 255}, "
                 f"catalogue no. {session['catalogue']}, calibration no. {session['calibration']}",
    )  # fmt: skip
