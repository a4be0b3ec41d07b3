"""What `ionwand play` shows: the wand's state, numbers, course and light, and the keys.

All of it fits into 80x24; a larger terminal shows more of the course and of what happened.
"""

from collections import deque
from itertools import islice
from typing import Any

from rich.columns import Columns
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ionwand.device import light
from ionwand.simulation.live import STATE_STYLES, clock
from ionwand.virtual.game import HELP, POINTS, Game

BESIDE = 32  # of a line, what is no point of the course
LEAST, MOST = 78, POINTS + BESIDE
AROUND = 21  # lines, without those of what happened
SPARKS = "▁▂▃▄▅▆▇█"


class Screen:
    """The game as it is now, in a terminal of any size."""

    def __init__(self, game: Game) -> None:
        game.look()
        self._game = game

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(LEAST, min(MOST, options.max_width))
        yield _drawn(self._game, width, max(3, (options.height or 24) - AROUND))


def _drawn(game: Game, width: int, lines: int) -> RenderableType:
    frame = game.frame
    key, meaning, _, _ = frame["light"]
    state = frame["state"]
    if key == "fault":
        meaning = light.FAULTS.get(meaning.replace(" ", "_"), (meaning, ""))[0]
    product = game.catalogue[frame["product"]]
    colour = f"#{frame['rgb']:06x}"
    lit = frame["rgb"] != 0
    head = Text.assemble(
        ("● ", colour if lit else "grey23"),
        (state.upper(), STATE_STYLES.get(state, "bold")),
        f"   {meaning or 'product number'}",
    )
    table = Table.grid(padding=(0, 2))
    for least in (10, 24, 10, 24):
        table.add_column(style="dim" if least == 10 else "", min_width=least)
    roller = {1: "+", -1: "−"}.get(product["sign"], "open")
    waiting = state in ("selftest", "ready", "asleep")  # the last session is over
    why = frame["first"] or ("" if waiting else frame["end"])
    lifts = 0 if waiting else frame["lifts"]
    given_uc = 0 if waiting else frame["dose"]
    impedance = f"{frame['z'] / 1000:.1f} kΩ" if frame["z"] and not waiting else "–"
    dose = f"{given_uc / 60000:.3f} of {frame['full_uc'] / 60000:.3f} mA·min"
    contact = frame["contact"] or f"lifted (next: {game.skin})"
    battery = f"{frame['battery'] / 1000:.2f} V" + (" +charger" if frame["vbus"] else "")
    gate = Text("on", style="bold green") if frame["gate"] else Text("off")
    for cells in (
        ("product", product["id"], "roller", roller),
        ("set", f"{frame['set']:.1f} µA", "delivered", f"{frame['i']:.1f} µA"),
        ("impedance", impedance, "voltage", f"{frame['mv'] / 1000:.2f} V"),
        ("dose", dose, "lifts", str(lifts)),
        ("skin", contact, "output", gate),
        ("battery", battery, "ended", Text(why.replace("_", " "), style="bold")),
    ):
        table.add_row(*cells)
    sparks = Table.grid(padding=(0, 2))
    wide = width - BESIDE
    sparks.add_row("current", Text(spark(game.current, wide), style="green"), "0 to 500 µA")
    top = max(50.0, max(game.impedance, default=0.0))
    drawn = Text(spark(game.impedance, wide, top), style="magenta")
    sparks.add_row("impedance", drawn, f"0 to {top:.0f} kΩ")
    latest = islice(game.log, max(0, len(game.log) - lines), None)
    log = [Text(f"{clock(int(t * 1e6))}  {to}  {note}", style="dim") for t, to, note in latest]
    if state == "ready" and frame["contact"]:
        head.append("   LIFT FIRST: arming is done off the skin", style="bold yellow")
    if state == "selftest":
        head.append("   a press counts once it is ready", style="dim")
    parts: list[RenderableType] = [head, Text(), table, Text(), sparks, *log]
    title = "Virtual wand: a simulation, not a medical device"
    time_now = f"{clock(int(frame['t'] * 1e6))}   {game.speed}×"
    return Group(
        Panel(Group(*parts), title=title, subtitle=time_now, width=width),
        _faults(game) if game.choosing else _help(game.frame, 3 if width >= 120 else 2),
    )


def _help(frame: dict[str, Any], beside: int) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    for at in range(0, len(HELP), beside):
        cells: list[Text] = []
        for keys, does in HELP[at : at + beside]:
            cells += [Text(keys, style="bold"), Text(does, style="dim")]
        table.add_row(*cells)
    broken = ", ".join(frame["injected"])
    return Group(table, Text(f"broken: {broken}" if broken else "", style="bold red"))


def _faults(game: Game) -> RenderableType:
    present = game.frame["injected"]
    return Columns(
        [
            Text(
                f"{chr(ord('a') + number)} {name}",
                style="bold red" if name in present else "",
            )
            for number, name in enumerate(game.fault_names)
        ],
        width=24,
    )


def spark(values: "deque[float]", width: int, top: float = 500.0) -> str:
    """A line of blocks, the latest on the right; 0 is a blank."""
    text = ""
    for value in islice(values, max(0, len(values) - width), None):
        level = round(min(value, top) / top * len(SPARKS))
        text += SPARKS[max(0, level - 1)] if value > 0 else " "
    return text.rjust(width)
