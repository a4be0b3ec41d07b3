"""`ionwand emulate`: the wand's firmware on an emulated RP2040, with the simulated wand's world.

The same scripts and the same trace as `ionwand simulate`; a hundred times slower, for here every
instruction of MicroPython's own image is really done.
"""

import contextlib
import os
import tempfile
import threading
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from ionwand.device import source
from ionwand.errors import BadInput
from ionwand.simulation import script, simulate

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("emulate")
@click.option("--script", "script_path", type=_FILE, metavar="FILE.toml",
              help="What happens when. Default: a short treatment.")  # fmt: skip
@click.option("--image", "image_path", type=_FILE, metavar="FILE.uf2",
              help="MicroPython for RPI_PICO. Default: IONWAND_UF2, then a cache.")  # fmt: skip
@click.option("--trace", "trace_path", type=_FILE, metavar="FILE.csv", help="Keep the trace.")
@click.option("--pty", "pty", is_flag=True,
              help="No script: a port for mpremote, until Ctrl-C.")  # fmt: skip
@click.option("--bench", "trials", type=click.IntRange(20, 5000), metavar="N",
              help="No script: P-01 to P-08, over-currents N times.")  # fmt: skip
@click.option("--flash-cycles", "flash_cycles", type=click.Choice(["40", "45", "50", "off"]),
              multiple=True, metavar="40|45|50|off",
              help="What a fill of the flash cache takes; off: flash as fast as RAM. "
              "Default: IONWAND_FLASH_CYCLES, then 45. With --bench several.")  # fmt: skip
@click.option("--repl", is_flag=True, help="The same, without starting the wand's main.py.")
def command(
    script_path: Path | None,
    image_path: Path | None,
    trace_path: Path | None,
    pty: bool,
    trials: int | None,
    flash_cycles: tuple[str, ...],
    repl: bool,
) -> int:
    """Run a session on the emulated RP2040."""
    source._importable()
    if flash_cycles:
        os.environ["IONWAND_FLASH_CYCLES"] = flash_cycles[0]
    try:
        from ionwand.emulation import disk, session
    except ImportError as error:
        raise BadInput(f"the emulator is not installed ({error.name}): make setup") from None
    if trials is not None:
        return _bench(image_path, trials, flash_cycles or ("45", "off"))
    uf2 = disk.find(image_path)
    if pty or repl:
        return _port(session, uf2, repl)
    chosen = script.load(script_path or source.SCENARIOS / "emulated.toml")
    job = simulate.make_job(chosen)
    with contextlib.ExitStack() as stack:
        write = None
        if trace_path is not None:
            file = stack.enter_context(simulate._open(trace_path))
            write = _line_writer(file)
        click.echo(f"{chosen.duration_s:g} s, at about a hundredth of real time")
        summary = session.run(uf2, job, write)
    for key, value in summary.items():
        click.echo(f"{key:>16}  {value}")
    end = summary["end"]
    if end == chosen.expect_end:
        return 0
    click.echo(
        f"ionwand: the session ended as {end}, the script expects {chosen.expect_end}", err=True
    )
    return 1


def _bench(image_path: Path | None, trials: int, flash_cycles: tuple[str, ...]) -> int:
    """P-01 to P-08, once for each cost of flash, side by side.

    Without an image one line says so, and that is no failure.
    """
    from ionwand.emulation import disk, figures

    try:
        uf2 = disk.find(image_path)
    except BadInput as error:
        click.echo(f"skipped P-01 to P-08: {error}")
        return 0
    rows: dict[tuple[str, str], dict[str, list[str]]] = {}
    ends: dict[tuple[str, str], list[str]] = {}
    for cycles in flash_cycles:
        os.environ["IONWAND_FLASH_CYCLES"] = cycles

        def report(
            name: str, what: str, unit: str, figures: Any, limit: int | None, cycles: str = cycles
        ) -> None:
            shown = [f"{figure:.1f}".removesuffix(".0") for figure in figures[:3]]
            row = (name, f"{what}, {unit}".removesuffix(", "))
            rows.setdefault(row, {})[cycles] = shown
            ends[row] = [str(figures[3]), "" if limit is None else str(limit)]
            click.echo(f"{name} {what}, flash {cycles}: {', '.join(shown)} {unit}")

        figures.run(uf2, trials, report)
    table = Table(title="On the emulated RP2040, in emulated time: min, median, worst")
    table.add_column("")
    table.add_column("figure")
    for cycles in flash_cycles:
        table.add_column("no cache" if cycles == "off" else f"{cycles} cycles", justify="right")
    table.add_column("n", justify="right")
    table.add_column("limit", justify="right")
    for row, found in rows.items():
        cells = [" / ".join(found.get(cycles, [])) for cycles in flash_cycles]
        table.add_row(*row, *cells, *ends[row])
    Console().print(table)
    return 0


def _line_writer(file: Any) -> Any:
    def write(line: str) -> None:
        file.write(line + "\n")

    return write


def _port(session: Any, uf2: Path, repl: bool) -> int:
    """Emulated time runs on while a PTY carries the console."""
    from ionwand.emulation.pty_port import serve

    job: dict[str, Any] = {"product": None, "duration_s": 1e6, "events": []}
    wand = session.wand(uf2, job, None)
    with tempfile.TemporaryDirectory(prefix="ionwand-") as folder:
        link = os.path.join(folder, "wand")
        click.echo(f"mpremote connect {link}   (Ctrl-C ends it)")
        serve(wand, link, repl, threading.Event())
    return 0
