"""`ionwand play`: the wand in a terminal, in real time, with keys for button, skin and faults.

Here are the terminal and the clock; game.py is the wand and its keys, screen.py what is shown.
"""

import contextlib
import os
import select
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.live import Live

from ionwand.device import memory
from ionwand.errors import BadInput
from ionwand.simulation import completion, script
from ionwand.virtual.game import FRAME_S, TICK_S, Game
from ionwand.virtual.screen import Screen


@click.command("play")
@click.option("--product", metavar="ID", shell_complete=completion.products,
              help="Chosen at power-on. Default: vitamin-c, or the kept wand's last.")  # fmt: skip
@click.option("--skin", default="hydrated", metavar="NAME", show_default=True,
              shell_complete=completion.skins)  # fmt: skip
@click.option("--script", "script_path", type=click.Path(dir_okay=False, path_type=Path),
              metavar="FILE.toml", help="Keep what was done as a script.")  # fmt: skip
@click.option("--records", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
              help="The wand's flash, kept from time to time; new at first.")  # fmt: skip
def command(
    product: str | None, skin: str, script_path: Path | None, records: Path | None
) -> int:
    """Play with the wand in this terminal, in real time."""
    if records is None:
        game = Game(script.product_id(product or "vitamin-c", "--product"), skin)
    else:
        game = Game(product, skin, memory.Folder(records))
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("play wants a terminal: `ionwand simulate` runs without one")
    console = Console()
    try:
        with _keys() as keys, Live(console=console, auto_refresh=False, screen=True) as live:
            play(game, keys, live)
    finally:
        game.keep()
    if script_path is not None:
        try:
            script_path.write_text(game.script_text(), encoding="utf-8")
        except OSError as error:
            raise BadInput(f"{script_path}: cannot be written: {error.strerror}") from None
        console.print(f"script: {script_path}", highlight=False)
    return 0


def play(game: Game, keys: Any, live: Live) -> None:
    """Until somebody quits. Time runs as the wall's does."""
    before = time.monotonic()
    drawn = 0.0
    while not game.over:
        now = time.monotonic()
        game.elapse(now - before)
        before = now
        for key in keys(max(0.001, TICK_S - (time.monotonic() - now))):
            game.key(key)
        if now - drawn >= FRAME_S:
            drawn = now
            live.update(Screen(game), refresh=True)


@contextlib.contextmanager
def _keys() -> Iterator[Any]:
    """keys(seconds) -> what was typed meanwhile; the terminal is itself again afterwards."""
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)

    def keys(seconds: float) -> str:
        if not select.select([descriptor], [], [], seconds)[0]:
            return ""
        return os.read(descriptor, 64).decode("utf-8", "ignore")

    try:
        tty.setcbreak(descriptor)
        yield keys
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
