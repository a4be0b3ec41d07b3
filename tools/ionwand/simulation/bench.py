"""`ionwand bench`: how many times faster than real time a five-minute session runs [P-09].

Prints what it measured on this machine. Nothing is asserted: a slow machine is no failure.
"""

from typing import Any

import click
from rich.table import Table

from ionwand.console import console
from ionwand.simulation import runner, script
from ionwand.simulation.simulate import DEFAULT_SCRIPT, make_job


@click.command("bench")
@click.option("--runs", type=click.IntRange(1, 20), default=2, show_default=True,
              help="Sessions per interpreter; the fastest counts.")  # fmt: skip
def command(runs: int) -> int:
    """Time a five-minute session on each interpreter."""
    session = script.load(DEFAULT_SCRIPT)
    table = Table(title="A five-minute session, interpreter start included")
    table.add_column("interpreter")
    for heading in ("simulated", "took", "of it CPU", "times real time"):
        table.add_column(heading, justify="right")
    for interpreter in runner.INTERPRETERS:
        best = fastest(make_job(session, trace=False), interpreter, runs)
        time_s = float((best.summary or {})["time_s"])
        table.add_row(
            interpreter,
            f"{time_s:.1f} s",
            f"{best.wall_s:.2f} s",
            f"{best.cpu_s:.2f} s",
            f"{time_s / best.wall_s:.1f}",
        )
    console().print(table)
    return 0


def fastest(job: dict[str, Any], interpreter: str, runs: int) -> runner.Run:
    """The fastest of `runs`. Much less CPU than time means: this machine had other work."""
    done = [runner.Run(job, interpreter) for _ in range(runs)]
    for run in done:
        run.finish()
    return min(done, key=lambda run: run.wall_s)
