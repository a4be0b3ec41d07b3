"""The generated part of docs/skin.md, and the picture beside it. `pages.skin_fit` calls both."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from pages.skin_model import Layer, Model, carry, people, small
from pages.skin_protocols import Figure, gelled, sweep

BEGIN, END = "<!-- generated: skin -->", "<!-- end: skin -->"

_UNITS = {
    "hold_cathode_v": ("V", 1.0, "to which current brings the horny layer under a cathode"),
    "hold_anode_v": ("V", 1.0, "and under an anode"),
    "worn_gain": ("", 1.0, "conductance that charge can leave behind, beside that at rest"),
    "worn_per_c": ("cm²/C", 1.0, "how fast charge does that"),
    "worn_tau_s": ("s", 1.0, "how slowly it goes again"),
    "r_open": ("kΩ·cm²", 1e-3, "of paths held open by much current; 14 times that when dry"),
    "c": ("nF/cm²", 1e9, "of the horny layer; 1/1.5 of that when dry"),
    "local_ohm": ("Ω·cm²", 1.0, "of gel and living skin"),
}


def _number(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def _span(values: list[float]) -> str:
    low, high = _number(min(values)), _number(max(values))
    return low if low == high else f"{low} to {high}"


def _figures(figures: list[Figure], code: Model) -> list[str]:
    lines = [
        "| measurement | published | model | kept to | whose spread | source |",
        "|---|---|---|---|---|---|",
    ]
    for figure in figures:
        values = figure.model(code)
        what = figure.what + (" (fitted)" if figure.fit else "")
        published = f"{figure.published} {figure.unit}".strip()
        model = _span(values) + ("" if figure.keeps(values) else " **outside**")
        kept_to = f"{_number(figure.low)} to {_number(figure.high)}"
        cells = (what, published, model, kept_to, figure.spread, figure.source)
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _parameters(fitted: Model, code: Model) -> list[str]:
    lines = ["| figure | fit | in hal/sim | what it is |", "|---|---|---|---|"]
    for field in fields(Model):
        if field.name in _UNITS:
            unit, scale, text = _UNITS[field.name]
            fit, has = (_number(getattr(one, field.name) * scale) for one in (fitted, code))
            cells = (f"`{field.name}`", f"{fit} {unit}", f"{has} {unit}", text)
            lines.append("| " + " | ".join(cells) + " |")
    return lines


def _skins() -> list[str]:
    lines = [
        "| skin | kΩ·cm² at rest | nF/cm² | kΩ·cm² held open | from |",
        "|---|---|---|---|---|",
    ]
    origin = {
        "hydrated": "within Rosell's; the simulator's old figure",
        "dry": "14 times hydrated (bjorklund)",
        "very_dry": "unverified: resists as a dried-out pad does",
        "peeled": "unverified: a tenth of hydrated",
    }
    for name in people.FACES:
        face = people.named(name).face
        lines.append(
            f"| `{name}` | {face.r0 / 1e3:.0f} | {face.c * 1e9:.0f} | {face.r_open / 1e3:.1f} "
            f"| {origin[name]} |"
        )
    found = sorted(one.face.r0 for one in gelled())
    at = [found[round(share * (len(found) - 1))] / 1e3 for share in (0.01, 0.5, 0.99)]
    lines.append(
        f"| `drawn:SEED`, gelled | {at[0]:.0f} / {at[1]:.0f} / {at[2]:.0f} (1, 50, 99 %) "
        f"| {people.C_F * 1e9:.0f} | {people.R_OPEN_OHM / 1e3:.1f} | rosell; 15 % of people "
        "drier, 10 % peeled, 15 % treated before: assumed |"
    )
    return lines


def part(figures: list[Figure], whole: dict[str, Any], fitted: Model, code: Model) -> str:
    outside = [figure for figure in figures if not figure.keeps(figure.model(code))]
    lines = [
        "## Published, and what the model does",
        "",
        *_figures(figures, code),
        "",
        "Outside, and why:",
        "",
        *(f"- {figure.what} ({figure.source}): {figure.why}." for figure in outside),
        "",
        "![What is published, beside the model](img/skin-fit.png)",
        "",
        "## What the fit found",
        "",
        *_parameters(fitted, code),
        "",
        f"The skin of bf02474422 is taken to have had {fitted.r0_seen / 1e3:.0f} kΩ·cm² at rest "
        "(the fit's choice up to 500: unprepared skin).",
        "",
        "## Skins",
        "",
        *_skins(),
        "",
        "## Sources",
        "",
        *(
            f"- **{key}**: {entry['text']}. Read: {entry['read']}."
            for key, entry in whole["sources"].items()
        ),
        "",
        "Looked for and not used:",
        "",
        *(f"- {entry['what']}: {entry['why']}." for entry in whole["unused"]),
    ]
    return "\n".join(lines)


def current(
    page: str, figures: list[Figure], whole: dict[str, Any], fitted: Model, code: Model
) -> str:
    """The page with its generated part as it must be."""
    head, rest = page.split(BEGIN)
    _old, tail = rest.split(END)
    return f"{head}{BEGIN}\n\n{part(figures, whole, fitted, code)}\n\n{END}{tail}"


def draw(path: Path, figures: list[Figure], code: Model) -> None:
    """Six panels: volts under current, recovery, frequency, people, loop, every figure."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    by_id = {figure.id: figure for figure in figures}
    plot, panels = pyplot.subplots(2, 3, figsize=(13, 7.5), layout="constrained")
    volts, back, spectrum, crowd, loops, all_of_them = panels.flat

    for name, anode, colour in (("cathode", False, "#1769aa"), ("anode", True, "#c2410c")):
        figure = by_id[name]
        for ua in (300, 1000):
            points = list(carry(code.layer(7.0, code.r0_seen, anode), ua, 8.0))
            volts.plot(*zip(*points), color=colour, lw=1.5 if ua == 300 else 0.8)
        volts.errorbar(
            [5.0], [float(figure.published)], color=colour, fmt="o", capsize=4,
            yerr=[[float(figure.published) - figure.low], [figure.high - float(figure.published)]],
            label=f"{name}, bf02474422",
        )  # fmt: skip
    volts.set(title="7 cm² at 300 (thick) and 1000 µA", xlabel="s", ylabel="V", ylim=(0, 12))
    volts.legend()

    layer = code.layer()
    rest = abs(small(code, layer, 1.0))
    for _ in carry(layer, 500.0, 900.0, 0.05):
        pass
    times, ohms = [0.0], [abs(small(code, layer, 1.0)) / 1e3]
    for minute in range(1, 61):
        for _ in carry(layer, 0.0, 60.0, 0.05):
            pass
        times.append(minute)
        ohms.append(abs(small(code, layer, 1.0)) / 1e3)
    back.plot(times, ohms, color="#1769aa", label="model")
    back.axhline(rest / 1e3, color="grey", lw=0.8, label="at rest")
    figure = by_id["recovery"]
    back.errorbar([30], [3 * ohms[1]], color="#c2410c", fmt="o", capsize=4, label="curdy: 3 times",
                  yerr=[[(3 - figure.low) * ohms[1]], [(figure.high - 3) * ohms[1]]])  # fmt: skip
    back.set(title="After 0.5 mA/cm² for 15 min", xlabel="min", ylabel="kΩ·cm² at 1 Hz")
    back.legend()

    hz = [10 ** (0.1 * step) for step in range(61)]
    for r0, style in ((10e3, ":"), (100e3, "-"), (1e6, "--")):
        z = [abs(small(code, code.layer(r0=r0), f)) for f in hz]
        spectrum.loglog(hz, z, style, color="#1769aa", label=f"model, {r0 / 1e3:.0f} kΩ·cm²")
    spectrum.vlines(1.0, 10e3, 1e6, color="#c2410c", lw=3, label="rosell")
    spectrum.plot([1e5, 1e6], [220, 120], "o", color="#c2410c")
    spectrum.set(title="1 cm²", xlabel="Hz", ylabel="Ω")
    spectrum.legend()

    ohm = sorted(abs(small(code, Layer(one.face, 1.0), 1.0)) / 1e3 for one in gelled())
    crowd.semilogx(ohm, [100 * i / len(ohm) for i in range(len(ohm))], color="#1769aa")
    crowd.axvspan(10, 1000, color="#c2410c", alpha=0.15, label="rosell: of a hundred, all")
    crowd.set(title="People drawn, gelled, 1 Hz, 1 cm²", xlabel="kΩ", ylabel="% below")
    crowd.legend()

    for top in (1, 2, 4):
        loops.plot(*zip(*sweep(code, top, 0.05)), label=f"±{top} V")
    loops.set(title="Slow loops (0.05 Hz), 100 kΩ·cm²", xlabel="V", ylabel="µA/cm²")
    loops.legend()

    for row, figure in enumerate(figures):
        values = figure.model(code)
        middle = (figure.low * figure.high) ** 0.5
        colour = "#1769aa" if figure.keeps(values) else "#c2410c"
        all_of_them.plot([figure.low / middle, figure.high / middle], [row, row], "grey", lw=5,
                         alpha=0.4)  # fmt: skip
        at = [value / middle for value in values]
        all_of_them.plot(at, [row] * len(values), "o", ms=4, color=colour)
    all_of_them.set_yticks(range(len(figures)), [figure.id for figure in figures], fontsize=7)
    all_of_them.invert_yaxis()
    all_of_them.set(xscale="log", title="Model beside each spread", xlabel="of its middle")
    all_of_them.set_xticks([0.25, 0.5, 1, 2, 4], ["¼", "½", "1", "2", "4"])
    all_of_them.minorticks_off()
    plot.savefig(path, dpi=80, metadata={"Software": None})
    pyplot.close(plot)
