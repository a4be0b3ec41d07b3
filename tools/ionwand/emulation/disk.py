"""What goes onto the emulated wand: MicroPython's image, and our files as a littlefs.

The image is found where the user says, in the emulator's cache, or by the emulator's own
download; nobody without one gets more than a line that tells how.
"""

import os
from pathlib import Path

from ionwand.device import source
from ionwand.errors import BadInput
from ionwand.release import build
from ionwand.release.image import BLOCK, BLOCKS, START, factory, littlefs

__all__ = ["BLOCK", "BLOCKS", "START", "cache_folders", "compiled", "find", "littlefs", "slots"]

HOW = (
    "no MicroPython image for the emulated RP2040: give one with --image FILE.uf2 or "
    "IONWAND_UF2=FILE.uf2 (RPI_PICO of micropython.org/download, v1.28.0), or let "
    "`rp2040py` download it once where there is internet"
)


def find(path=None):
    """The image's path, or BadInput with the line that tells how to get one."""
    chosen = path or os.environ.get("IONWAND_UF2")
    if chosen:
        if not Path(chosen).is_file():
            raise BadInput(f"{chosen}: no such image; {HOW}")
        return Path(chosen)
    for folder in cache_folders():
        found = sorted(folder.rglob("*RPI_PICO-*.uf2")) if folder.is_dir() else []
        if found:
            return found[-1]
    raise BadInput(HOW)


def cache_folders():
    base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return [base / "rp2040py", base / "ionwand"]


def compiled(root=source.ROOT):
    """{place: bytes}: the wand's build, not in a slot but beside main.py."""
    return build.make(root).everything()


def slots(names, root=source.ROOT):
    """As flashed: the same build in each of these slots, the first of them in use."""
    made = build.pack(build.make(root))
    files = {}
    for name in reversed(names):
        files.update(factory(made, name))
    return files
