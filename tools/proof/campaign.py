"""`make proof`: every fault x every state with output x polarity x skin x random phases [R-01].

Sessions run from power-on on the simulated board and split at each instant (forking.py). The
table and the plot go to out/proof; the exit code is 1 where a bound doesn't hold.
"""

import argparse
import csv
import multiprocessing
import os
import random
import sys
from collections import defaultdict

import forking
import paths
import verdict

from hal.sim import faults  # isort: skip

STATES = ("selftest", "proving", "contact", "ramping", "treating", "lifted", "stopping")
# One product of each ion charge: return electrode + and -.
PRODUCTS = ("vitamin-c", "magnesium")
SKINS = ("hydrated", "dry", "peeled", "resistor:20000")
PHASES = 20
_CHUNK = 5  # instants of each state in one task
PAIR_SKINS = ("resistor:20000", "hydrated")
PAIR_STATES = ("ramping", "treating")
FAULTS = tuple((name,) for name in faults.NAMES)
# One barrier dead (latent, or a stuck sense), one fault on top of it.
BARRIERS = ("comparator_dead", "monostable_stuck", "diode_short", "adc_stuck", "rb_short",
            "m2_short", "k1_stuck_on", "mcu_hang")  # fmt: skip
PAIRS = tuple(
    (barrier, name) for barrier in BARRIERS for name in faults.NAMES if name != barrier
)


def instants(spans, state, count, seed):
    """Random instants at which this state had the gate on, in µs, in order."""
    draw = random.Random("%s %s" % (state, seed))
    own = [(span[2], span[3]) for span in spans if span[0] == state and span[1]]
    total = sum(end - begin for begin, end in own)
    if not total:
        return []
    found = []
    for _ in range(count):
        left = draw.randrange(1, total)
        for begin, end in own:
            if left < end - begin:
                found.append(begin + left)
                break
            left -= end - begin
    return sorted(found)


def spans_of(case):
    """When a session of this (product, skin, parts) is in which state."""
    product, skin, parts = case
    return forking.session(product, skin, parts=parts)


def run(task):
    """One session that splits at some instants of each state: its rows."""
    product, skin, parts, marks, breaks = task
    rows = []
    forking.session(product, skin, 0, parts, marks, breaks, rows.append)
    for row in rows:
        row.update(product=product, skin=skin)
    return rows


def tasks(pool, phases, breaks, seed=0, products=PRODUCTS, skins=SKINS, states=STATES, parts=None):
    """What `run` takes, some instants of every state each; the sessions are run once for this."""
    cases = [(product, skin, parts) for product in products for skin in skins]
    work = []
    for case, spans in zip(cases, pool.map(spans_of, cases, 1)):
        name = "%s %s %s" % (case[0], case[1], seed)
        drawn = [instants(spans, state, phases, name) for state in states]
        empty = [state for state, some in zip(states, drawn) if len(some) != phases]
        if empty:
            raise RuntimeError("%s: no output in %s" % (name, ", ".join(empty)))
        for begin in range(0, phases, _CHUNK):
            marks = sorted(at for some in drawn for at in some[begin : begin + _CHUNK])
            work.append((*case, marks, breaks))
    return work


def collect(jobs, title, *args, **options):
    """All rows, with a bar that shows how far it is."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    columns = ("[bold]" + title, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    rows = []
    with Progress(*columns) as bar, multiprocessing.get_context("fork").Pool(jobs) as pool:
        shown = bar.add_task(title, total=None)
        work = tasks(pool, *args, **options)
        bar.update(shown, total=sum(len(task[3]) * len(task[4]) for task in work))
        for some in pool.imap_unordered(run, work):
            rows.extend(some)
            bar.advance(shown, len(some))
    rows.sort(key=lambda row: (row["faults"], row["product"], row["skin"], row["at_us"]))
    return rows


def write(rows, name):
    """The rows as a table, for whoever wants to look closer."""
    paths.OUT.mkdir(parents=True, exist_ok=True)
    fields = ["product", "skin", *(key for key in rows[0] if key not in ("product", "skin"))]
    with open(paths.OUT / name, "w", newline="") as file:
        table = csv.DictWriter(file, fields)
        table.writeheader()
        for row in rows:
            table.writerow(dict(row, faults="+".join(row["faults"])))


def summarise(rows):
    """One line a fault (or pair): the worst of everything."""
    groups = defaultdict(list)
    for row in rows:
        groups[" + ".join(row["faults"])].append(row)
    lines = []
    for name, group in groups.items():
        named = [row for row in group if row["name"]]
        off = [row["off_us"] for row in group if row["gate"] and row["off_us"] >= 0]
        lines.append(
            {
                "fault": name,
                "trials": len(group),
                "early_ua": max(row["early_ua"] for row in group),
                "peak_ua": max(row["peak_ua"] for row in group),
                "excess_uc": max(row["excess_uc"] for row in group),
                "discharge_ua": max(row["discharge_ua"] for row in group),
                "off_ms": max(off) / 1000 if off else 0.0,
                "named": len(named),
                "names": sorted({row["name"] for row in named}),
                "broken": sum(1 for row in group if verdict.broken(row)),
            }
        )
    return lines


def show(lines, title):
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for heading in ("fault", "trials", "µA <0.1 ms", "µA after", "excess µC", "skin's own µA",
                    "off ms", "named", "as", "broken"):  # fmt: skip
        table.add_column(heading)
    for line in lines:
        table.add_row(
            line["fault"],
            str(line["trials"]),
            "%.0f" % line["early_ua"],
            "%.0f" % line["peak_ua"],
            "%.3f" % line["excess_uc"],
            "%.0f" % line["discharge_ua"],
            "%.1f" % line["off_ms"],
            "%d%%" % (100 * line["named"] // line["trials"]),
            ", ".join(line["names"]),
            str(line["broken"]) if line["broken"] else "",
        )
    Console(width=max(150, int(os.environ.get("COLUMNS", 0)))).print(table)


def plot(rows, path):
    """Peak current, excess charge and time to off of every trial, by fault."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    names = sorted({" + ".join(row["faults"]) for row in rows})
    height = max(4.0, 0.28 * len(names) + 1.5)
    figure, axes = pyplot.subplots(1, 3, figsize=(15, height), sharey=True)
    columns = (
        ("peak_ua", "current after 0.1 ms, µA", verdict.PEAK_UA, "linear"),
        ("excess_uc", "excess charge, µC", verdict.EXCESS_UC, "symlog"),
        ("off_us", "time to gate off, µs (line: the dead-man's 3.3 ms)", 3300, "symlog"),
    )
    for axis, (key, label, limit, scale) in zip(axes, columns):
        # A gate that was never off stands at the right, not at 0.
        xs = [row[key] if row[key] >= 0 else forking.WATCH_US for row in rows]
        ys = [names.index(" + ".join(row["faults"])) for row in rows]
        axis.scatter(xs, ys, s=5, alpha=0.3, linewidths=0)
        axis.axvline(limit, color="tab:red", linewidth=0.8)
        axis.set_xscale(scale, **({"linthresh": 0.01} if key == "excess_uc" else {}))
        axis.set_xlim(left=0)
        axis.set_xlabel(label)
        axis.grid(alpha=0.3)
    axes[0].set_yticks(range(len(names)), names, fontsize=7)
    axes[0].set_ylim(-1, len(names))
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phases", type=int, default=PHASES, help="instants a state (default 20)")
    parser.add_argument("--pairs", action="store_true", help="double faults instead")
    parser.add_argument("--wide", action="store_true", help="pairs in every state, on every skin")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--parts", type=int, help="seed of random parts; default nominal")
    options = parser.parse_args()
    name = "pairs" if options.pairs else "campaign"
    if options.pairs:
        skins, states = (SKINS, STATES) if options.wide else (PAIR_SKINS, PAIR_STATES)
        rows = collect(options.jobs, name, options.phases, PAIRS, options.seed,
                       skins=skins, states=states, parts=options.parts)  # fmt: skip
    else:
        rows = collect(
            options.jobs, name, options.phases, FAULTS, options.seed, parts=options.parts
        )
    write(rows, name + ".csv")
    plot(rows, paths.OUT / (name + ".png"))
    lines = summarise(rows)
    show(lines, "%s: %d trials" % (name, len(rows)))
    if options.pairs:
        return 0
    bad = [(row, why) for row in rows for why in verdict.broken(row)]
    silent = sum(1 for row in rows if not row["name"])
    print("%d trials without a name in their own state: latent.py shows what the next start says"
          % silent)  # fmt: skip
    for row, why in bad[:20]:
        print("%s in %s at %d us (%s, %s): %s" % (
            "+".join(row["faults"]), row["state"], row["at_us"], row["product"], row["skin"],
            why), file=sys.stderr)  # fmt: skip
    print("%d of %d trials break a bound; table and plot in %s" % (len(bad), len(rows), paths.OUT))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
