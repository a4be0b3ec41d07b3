"""`ionwand check`: a trace against the safety requirements, whatever firmware made it.

The rules are in rules.py; this reads, prints and decides the exit code.
"""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ionwand.simulation.live import clock
from ionwand.trace import rows as trace
from ionwand.trace import rules


@click.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="TRACE.csv...",
                type=click.Path(path_type=Path))  # fmt: skip
def command(paths: tuple[Path, ...]) -> int:
    """Judge traces; exit 1 where a rule is broken."""
    console = Console()
    broken = 0
    for path in paths:
        findings = rules.judge(trace.read(path))
        console.print(table(findings, str(path)))
        failed = [finding for finding in findings if not finding.ok]
        broken += len(failed)
        for finding in failed:
            click.echo(
                f"ionwand: {path}: {finding.id}: {finding.what}: {number(finding.worst)} "
                f"{finding.unit}, allowed {number(finding.limit)}, at {clock(finding.at_us)}",
                err=True,
            )
    return 1 if broken else 0


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"


def table(findings: Sequence[rules.Finding], title: str) -> Table:
    result = Table(title=title, title_justify="left")
    for heading in ("id", "what"):
        result.add_column(heading)
    for heading in ("worst", "limit", "at"):
        result.add_column(heading, justify="right", no_wrap=True)
    result.add_column("")
    for finding in findings:
        seen = finding.worst is not None
        verdict = (
            Text("not seen", style="dim")
            if not seen
            else Text("ok", style="green")
            if finding.ok
            else Text("FAIL", style="bold red")
        )
        result.add_row(
            finding.id,
            finding.what,
            f"{number(finding.worst)} {finding.unit}".strip() if seen else "–",
            f"{number(finding.limit)} {finding.unit}".strip(),
            clock(finding.at_us) if seen else "–",
            verdict,
        )
    return result
