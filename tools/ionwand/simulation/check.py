"""`ionwand check`: a trace against the safety requirements, whatever firmware made it.

The rules are in rules.py; this reads, prints and decides the exit code.
"""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from ionwand import answers
from ionwand.console import console
from ionwand.simulation.live import clock
from ionwand.trace import rows as trace
from ionwand.trace import rules


@click.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="TRACE.csv...",
                type=click.Path(path_type=Path))  # fmt: skip
@answers.option
def command(paths: tuple[Path, ...], as_json: bool) -> int:
    """Judge traces; exit 1 where a rule is broken."""
    broken = 0
    told: list[answers.Trace] = []
    for path in paths:
        findings = rules.judge(trace.read(path))
        told.append(answer(path, findings))
        if not as_json:
            console().print(table(findings, str(path)))
        failed = [finding for finding in findings if not finding.ok]
        broken += len(failed)
        for finding in failed:
            click.echo(
                f"ionwand: {path}: {finding.id}: {finding.what}: {number(finding.worst)} "
                f"{finding.unit}, allowed {number(finding.limit)}, at {clock(finding.at_us)}",
                err=True,
            )
    if as_json:
        answers.say(answers.Checked(ok=not broken, traces=told))
    return 1 if broken else 0


def answer(path: Path, findings: Sequence[rules.Finding]) -> answers.Trace:
    found: list[answers.Judged] = [{
        "id": one.id, "what": one.what, "worst": one.worst, "limit": one.limit,
        "unit": one.unit, "at_us": one.at_us, "ok": one.ok,
    } for one in findings]  # fmt: skip
    return {"path": str(path), "ok": all(one.ok for one in findings), "findings": found}


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
