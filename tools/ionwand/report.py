"""One session on one HTML page: figures on top, three curves, what the words mean.

Everything is in the file (plots as SVG), so that it can be put into a client's file and opened
in twenty years. Figures are the wand's own; nothing is claimed about their effect.
"""

import io
from pathlib import Path
from typing import Any

import jinja2

from ionwand import target

_TEMPLATE = Path(__file__).with_name("report.html.j2")
_INK, _GREY, _BLUE, _RED, _GREEN = "#1d2430", "#7a8594", "#1f5fbf", "#c2410c", "#15803d"
_UC_PER_MAMIN = 60_000
ENDED = {
    "complete": "The dose or time was delivered in full.",
    "stopped": "Stopped by a press of the button.",
    "timeout": "A hard limit of time or charge was reached.",
    "no contact": "No contact with the skin for 60 s.",
    "battery low": "The battery ran low.",
    "vbus": "A charger was connected.",
    "too conductive": "The skin conducted too well: its barrier may be broken.",
}


def curves(session: dict[str, Any]) -> str:
    """Current, impedance and dose over time, as SVG."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    step = session["interval_s"]
    series = session["series"]
    time_s = [(index + 1) * step for index in range(len(series))]
    style: Any = {
        "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"], "font.size": 9,
        "axes.edgecolor": _GREY, "axes.labelcolor": _INK, "axes.spines.top": False,
        "axes.spines.right": False, "axes.linewidth": 0.7, "xtick.color": _GREY,
        "ytick.color": _GREY, "svg.fonttype": "none", "svg.hashsalt": "ionwand",
    }  # fmt: skip
    with pyplot.rc_context(style):
        figure, (current, impedance, dose) = pyplot.subplots(
            3, 1, sharex=True, figsize=(7.4, 5.6), gridspec_kw={"height_ratios": (3, 2, 2)}
        )
        delivered = [point[1] for point in series]
        current.plot(time_s, [point[0] for point in series], color=_INK, lw=1.0, ls=(0, (4, 3)),
                     label="set", zorder=3)  # fmt: skip
        current.plot(time_s, delivered, color=_BLUE, lw=1.6, label="delivered")
        current.set_ylabel("current (µA)")
        current.set_ylim(0, max([session["setpoint_ua"], *delivered, 50]) * 1.15)
        current.legend(loc="lower right", frameon=False, ncols=2)
        kohm = [point[2] / 1000 if point[2] else float("nan") for point in series]
        impedance.plot(time_s, kohm, color=_RED, lw=1.6)
        impedance.set_ylabel("impedance (kΩ)")
        top = max([one for one in kohm if one == one], default=10)
        impedance.set_ylim(0, top * 1.2)
        total = 0.0
        sums = []
        for one in delivered:
            total += one * step
            sums.append(total / _UC_PER_MAMIN)
        dose.plot(time_s, sums, color=_GREEN, lw=1.6)
        target_uc = session["target_uc"]
        if target_uc:
            dose.axhline(target_uc / _UC_PER_MAMIN, color=_GREY, lw=1, ls=(0, (4, 2)))
        dose.set_ylabel("dose (mA·min)")
        dose.set_ylim(0, max([target_uc / _UC_PER_MAMIN, *sums, 0.05]) * 1.2)
        dose.set_xlabel("time since arming (s)")
        dose.set_xlim(0, max(time_s, default=1))
        paused = [index for index, one in enumerate(delivered) if not one]
        for axis in (current, impedance, dose):
            axis.grid(axis="y", color="#e6e9ee", lw=0.7)
            for index in paused:
                axis.axvspan(index * step, (index + 1) * step, color="#f1f3f6", lw=0, zorder=0)
        figure.align_ylabels()
        figure.tight_layout(h_pad=0.8)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
        pyplot.close(figure)
    text = out.getvalue()
    return text[text.index("<svg") :]


def _minutes(ms: int) -> str:
    return f"{ms // 60_000}:{ms // 1000 % 60:02d} min"


def _kohm(ohm: int) -> str:
    return f"{ohm / 1000:.1f} kΩ" if ohm else "–"


def render(session: dict[str, Any], *, ended: str, reference: str = "") -> str:
    """The page."""
    entry = target.products().get(session["product"])
    flags = session["flags"]
    charge = session["ion_charge"]
    signed = f"{charge / 100:+.2f} e".replace("-", "−")
    roller = {1: "− (cathode)", 2: "+ (anode)"}.get(session["bridge"], "open")
    facts = [
        ("Ion charge", "unknown" if charge == -32768 else signed),
        ("Roller", roller),
        ("Device polarity", {1: "positive", 2: "negative"}.get(session["bridge"], "none")),
        ("Current, set", f"{session['setpoint_ua']} µA"),
        ("Current, delivered mean", f"{session['mean_ua']} µA"),
        ("Highest, read once a second", f"{session['peak_ua']} µA"),
        ("Time with current", _minutes(session["output_ms"])),
        ("Time since arming", _minutes(session["session_ms"])),
        ("Lifts", str(session["lifts"])),
        ("Impedance, first", _kohm(session["z_first_ohm"])),
        ("Impedance, lowest", _kohm(session["z_min_ohm"])),
        ("Impedance, highest", _kohm(session["z_max_ohm"])),
        ("Impedance, last", _kohm(session["z_last_ohm"])),
        ("Battery, start and end",
         f"{session['battery_start_mv'] / 1000:.2f} V, {session['battery_end_mv'] / 1000:.2f} V"),
    ]  # fmt: skip
    marks = [text for bit, text in ((2, "after a peel"), (4, "electroosmosis"),
             (8, "resistance limited the current")) if flags & bit]  # fmt: skip
    version = session["firmware"]
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        number=session["number"],
        kind="Patch test" if flags & 1 else "Treatment",
        product=entry.name if entry else session["product"],
        product_id=session["product"],
        reference=reference,
        ended=ended,
        ended_words=ENDED.get(ended, "The wand cut the output; see its fault."
                              if ended.startswith("fault") else ""),
        good=ended == "complete",
        dose=f"{session['dose_uc'] / _UC_PER_MAMIN:.2f}",
        target=f"{session['target_uc'] / _UC_PER_MAMIN:.2f}" if session["target_uc"] else "",
        mean=session["mean_ua"],
        minutes=_minutes(session["output_ms"]),
        lifts=session["lifts"],
        marks=marks,
        facts=facts,
        curves=curves(session) if session["series"] else "",
        versions=f"firmware {version >> 16}.{version >> 8 & 255}.{version & 255}, "
                 f"catalogue no. {session['catalogue']}, calibration no. {session['calibration']}",
    )  # fmt: skip
