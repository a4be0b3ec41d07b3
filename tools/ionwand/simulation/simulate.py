"""`ionwand simulate`: a whole session of the wand's own firmware on a simulated board.

Exit 0 only if the session ended as its script expects.
"""

import contextlib
from pathlib import Path
from typing import Any

import click

from ionwand import answers
from ionwand.console import console as printer
from ionwand.device import source
from ionwand.errors import BadInput
from ionwand.simulation import completion, live, plot, runner, script

DEFAULT_SCRIPT = source.SCENARIOS / "normal.toml"
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("simulate")
@click.option("--script", "script_path", type=_FILE, metavar="FILE.toml",
              help="What happens when. Default: a normal treatment.")  # fmt: skip
@click.option("--skin", metavar="NAME", shell_complete=completion.skins,
              help="Instead of the script's skin; drawn:SEED is anybody.")  # fmt: skip
@click.option("--motion", metavar="NAME",
              help="How the roller moves: still, rolling, hasty or bumpy.")  # fmt: skip
@click.option("--product", metavar="ID", shell_complete=completion.products,
              help="Instead of the script's product.")  # fmt: skip
@click.option("--plot", "plot_path", type=_FILE, metavar="FILE.png", help="Draw the session.")
@click.option("--trace", "trace_path", type=_FILE, metavar="FILE.csv", help="Keep the trace.")
@click.option("--realtime", is_flag=True, help="As fast as a real wand, and no faster.")
@click.option("--interpreter", default="micropython", metavar="NAME", show_default=True,
              help="micropython (Unix port) or cpython.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), metavar="N",
              help="Another wand: parts drawn within their tolerances.")  # fmt: skip
@click.option("--records", type=click.Path(path_type=Path), metavar="FOLDER",
              help="The wand's flash, kept from run to run; empty at first.")  # fmt: skip
@answers.option
def command(
    script_path: Path | None,
    skin: str | None,
    motion: str | None,
    product: str | None,
    plot_path: Path | None,
    trace_path: Path | None,
    realtime: bool,
    interpreter: str,
    seed: int | None,
    records: Path | None,
    as_json: bool,
) -> int:
    """Run a session on the simulated board and show it as it goes."""
    session = script.load(script_path or DEFAULT_SCRIPT)
    if product is not None:
        session = session.with_product(product)
    if skin is not None:
        session = session.with_skin(skin)
    if motion is not None:
        session = session.with_motion(motion)
    script_file = script_path or DEFAULT_SCRIPT
    for path in (trace_path, plot_path):
        if path is not None and path.resolve() == script_file.resolve():
            raise BadInput(f"{path}: is the script itself: give another file to write to")
    job = make_job(session, seed=seed, realtime=realtime)
    if records is not None:
        job.update(_records(records))
    run = runner.Run(job, interpreter)
    if plot_path is not None:
        plot.must_be_writable(plot_path)
    console = printer()
    console.quiet = as_json
    rows = []
    try:
        with contextlib.ExitStack() as stack:
            if trace_path is not None:
                run.lines = stack.enter_context(_open(trace_path))
            dose_uc = source.dose_uc(session.product)
            view = stack.enter_context(live.View(console, session, interpreter, dose_uc))
            for row in run.rows():
                view.row(row)
                if plot_path is not None:
                    rows.append(row)
    except OSError as error:
        raise BadInput(f"{trace_path}: cannot be written: {error.strerror}") from None
    summary: dict[str, Any] = run.summary or {}
    console.print(live.summary_table(summary, session, run.wall_s))
    if as_json:
        answers.say(answer(summary, session))
    if plot_path is not None:
        plot.draw(rows, plot_path, product=session.product, end=str(summary.get("end")))
        console.print(f"plot: {plot_path}", highlight=False)
    if trace_path is not None:
        console.print(f"trace: {trace_path}", highlight=False)
    end = summary.get("end")
    if end == session.expect_end:
        return 0
    click.echo(
        f"ionwand: the session ended as {end or 'nothing (it still ran)'}, "
        f"the script expects {session.expect_end}",
        err=True,
    )
    return 1


def answer(summary: dict[str, Any], session: script.Script) -> answers.Simulated:
    end = summary.get("end") or "none"
    return {
        "end": end,
        "expected": session.expect_end,
        "as_expected": end == session.expect_end,
        "fault": summary["fault"],
        "product": summary.get("product", session.product),
        "skin": session.skin,
        "time_s": summary["time_s"],
        "output_s": summary["output_s"],
        "dose_uc": summary["dose_uc"],
        "true_charge_uc": summary["true_charge_uc"],
        "mean_ua": summary["mean_ua"],
        "peak_ua": summary["peak_ua"],
        "touch_v": summary["touch_v"],
        "touch_nc": summary["touch_nc"],
        "bounces": summary["bounces"],
        "lifts": summary["lifts"],
    }


def _records(folder: Path) -> dict[str, Any]:
    """For guest/run.py. A wand whose flash is kept is new at first: patch tests come first."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{folder}: cannot be made: {error.strerror}") from None
    return {"records": str(folder.resolve()), "new": True}


def make_job(
    session: script.Script,
    *,
    seed: int | None = None,
    realtime: bool = False,
    trace: bool = True,
) -> dict[str, Any]:
    """A script as guest/run.py takes it. Without a seed every part has its nominal value."""
    job = session.job()
    job.update(seed=seed or 0, parts=seed, realtime=realtime, trace=trace)
    return job


def _open(path: Path) -> Any:
    try:
        return open(path, "w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise BadInput(f"{path}: cannot be written: {error.strerror}") from None
