"""`ionwand selftest`: the wand's power-on test [S-15] on the bench, each part by its name."""

from typing import Any

import click
from rich.table import Table

from ionwand import answers, registry
from ionwand.calibration.procedure import HOLD_S
from ionwand.console import console
from ionwand.instruments import options, wand_on_bench
from ionwand.instruments.hands import choose

# In the order of firmware/selftest.py; what of one stage fails leaves the next ones untried.
STAGES = (
    (("adc_config", "precise converter: as told, 16 bits"), ("files", "files are as built"),
     ("rail", "27 V supply"), ("zero_reading", "no current without output")),
    (("dummy_reading", "10.0 kΩ inside reads 10.0 kΩ"), ("dac", "DAC gives what it is told"),
     ("precise_mismatch", "both converters agree"), ("sense_mismatch", "both senses agree"),
     ("limiting_diode", "regulating diode limits")),
    (("gate_m2", "M2 opens alone"), ("gate_k1", "K1 opens alone"),
     ("dead_man", "dead-man falls unfed"), ("monostable", "monostable falls unfed")),
)  # fmt: skip


@click.command("selftest")
@options.port
@options.fixture
@registry.db_option
@answers.option
def command(port: str, fixture: str | None, db: str | None, as_json: bool) -> int:
    """Run the self-test. Exit 1 where a part of it fails."""
    person = choose(fixture, True)
    with wand_on_bench.opened(port) as wand:
        about = wand.status()
        person.open()
        person.hold(HOLD_S)
        try:
            fault = wand.call("selftest")
        finally:
            person.released()
    if as_json:
        answers.say(answer(about, fault))
    else:
        console(100).print(table(fault))
    parts = {name: outcome for name, _, outcome in outcomes(fault)}
    registry.note(
        db, lambda fleet: fleet.keep_selftest(about["board"], fault, parts, about["firmware"])
    )
    return 1 if fault else 0


def answer(about: dict[str, Any], fault: str) -> answers.Selftest:
    parts: list[answers.Part] = [
        {"name": name, "what": what, "outcome": outcome} for name, what, outcome in outcomes(fault)
    ]
    return {
        "board": about["board"], "firmware": about["firmware"], "fault": fault, "parts": parts,
    }  # fmt: skip


def outcomes(fault: str) -> list[tuple[str, str, str]]:
    """(name, what, passed | FAILED | not tried) of each part."""
    rows: list[tuple[str, str, str]] = []
    failed = False
    for stage in STAGES:
        here = fault in [name for name, _ in stage]
        for name, what in stage:
            if name == fault:
                outcome = "FAILED"
            else:
                outcome = "not tried" if failed or here or _unknown(fault) else "passed"
            rows.append((name, what, outcome))
        failed = failed or here
    if _unknown(fault):
        rows.append((fault, "the guard ended it", "FAILED"))
    return rows


def _unknown(fault: str) -> bool:
    return bool(fault) and fault not in [name for stage in STAGES for name, _ in stage]


def table(fault: str) -> Table:
    found = Table("part", "what", "result", box=None)
    for name, what, outcome in outcomes(fault):
        style = {"FAILED": "bold red", "passed": "green"}.get(outcome, "dim")
        found.add_row(name, what, f"[{style}]{outcome}[/]")
    return found
