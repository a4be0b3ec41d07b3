"""`ionwand plot`: a session on one page, from its trace.

Four curves over one time axis, the state below them, lifts shaded through all of them; what each
of them shows is in panels.py.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ionwand.errors import BadInput
from ionwand.simulation import script
from ionwand.trace import panels
from ionwand.trace.rows import Row, read


@click.command("plot")
@click.argument("trace_path", type=click.Path(path_type=Path), metavar="TRACE.csv")
@click.argument("plot_path", type=click.Path(path_type=Path), metavar="FILE.png")
@click.option("--product", default="vitamin-c", show_default=True, metavar="ID",
              help="Whose dose is drawn as the target.")  # fmt: skip
def command(trace_path: Path, plot_path: Path, product: str) -> int:
    """Draw a session from its trace."""
    must_be_writable(plot_path)
    script.product_id(product, "--product")
    rows = read(trace_path)
    draw(rows, plot_path, product=product, end=_end_of(rows))
    click.echo(f"plot: {plot_path}")
    return 0


def must_be_writable(path: Path) -> None:
    """Told before the work and not after it."""
    if not path.parent.is_dir():
        raise BadInput(f"{path}: there is no folder {path.parent}")
    if path.suffix.lower() not in (".png", ".svg", ".pdf"):
        raise BadInput(f"{path}: a plot is .png, .svg or .pdf")


def _end_of(rows: Sequence[Row]) -> str:
    """As much as a trace tells: the fault, or the last state that ends a session."""
    for row in rows:
        if row.fault:
            return row.fault
    ended = [row.state for row in rows if row.state in ("done", "refused")]
    return ended[-1] if ended else rows[-1].state


def draw(rows: Sequence[Row], path: Path, *, product: str, end: str) -> None:
    """Write the picture. The format follows from the name."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    style: Any = {
        "font.family": "DejaVu Sans",
        "font.size": 9,
        "axes.edgecolor": panels.GREY,
        "axes.labelcolor": panels.INK,
        "axes.linewidth": 0.8,
        "xtick.color": panels.GREY,
        "ytick.color": panels.GREY,
        "xtick.labelcolor": panels.INK,
        "ytick.labelcolor": panels.INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "path.simplify_threshold": 0.5,
    }
    with pyplot.rc_context(style):
        figure, axes = pyplot.subplots(
            5,
            1,
            figsize=(11, 8.6),
            sharex=True,
            height_ratios=(3, 1.8, 1.8, 2, 0.45),
            layout="constrained",
        )
        panels.title(figure, rows, product, end)
        panels.current(axes[0], rows)
        panels.voltage(axes[1], rows)
        panels.impedance(axes[2], rows)
        panels.dose(axes[3], rows, product)
        panels.states(axes[4], rows)
        panels.shade(axes, rows)
        figure.align_ylabels(axes)
        try:
            figure.savefig(path, dpi=150)
        except (OSError, ValueError) as error:
            raise BadInput(f"{path}: cannot be written: {error}") from None
        finally:
            pyplot.close(figure)
