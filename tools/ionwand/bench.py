"""`ionwand bench`: how many times faster than real time a five-minute session runs [P-09].

Prints what it measured on this machine. Nothing is asserted: a slow machine is no failure.
"""

from typing import Any

import click
from rich.console import Console
from rich.table import Table

from ionwand import runner, script
from ionwand.simulate import DEFAULT_SCRIPT, make_job


@click.command("bench")
@click.option("--runs", type=click.IntRange(1, 20), default=3, show_default=True,
              help="Sessions per interpreter; the fastest counts.")  # fmt: skip
def command(runs: int) -> int:
    """Time a five-minute session on each interpreter."""
    session = script.load(DEFAULT_SCRIPT)
    table = Table(title="A five-minute session, interpreter start included")
    table.add_column("interpreter")
    table.add_column("trace")
    for heading in ("simulated", "took", "times real time"):
        table.add_column(heading, justify="right")
    for interpreter in runner.INTERPRETERS:
        for trace in (False, True):
            time_s, wall_s = fastest(make_job(session, trace=trace), interpreter, runs)
            table.add_row(
                interpreter,
                "yes" if trace else "no",
                f"{time_s:.1f} s",
                f"{wall_s:.2f} s",
                f"{time_s / wall_s:.1f}",
            )
    Console().print(table)
    return 0


def fastest(job: dict[str, Any], interpreter: str, runs: int) -> tuple[float, float]:
    """(simulated seconds, wall seconds) of the fastest of `runs`."""
    best: tuple[float, float] | None = None
    for _ in range(runs):
        run = runner.Run(job, interpreter)
        summary = run.finish()
        if best is None or run.wall_s < best[1]:
            best = (float(summary["time_s"]), run.wall_s)
    assert best is not None
    return best
