"""`ionwand image`: MicroPython and the wand's file system in one UF2, to be dragged onto a Pico.

Only the RPI_PICO build of MicroPython fits: family, flash and the place of its file system are
read from the file itself. No calibration goes in, so that the wand gives no output until it is
calibrated [S-17]; what an older wand had stored is overwritten.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

import click

from ionwand.device import source
from ionwand.errors import BadInput
from ionwand.release import build as builder

FLASH = 0x10000000
FLASH_BYTES = 2 * 1024 * 1024
BLOCK = 4096
BLOCKS = 352  # RPI_PICO: the last 1408 KiB [MPY: ports/rp2/boards/RPI_PICO, rp2_flash.c]
START = FLASH_BYTES - BLOCKS * BLOCK
# [UF2] github.com/microsoft/uf2: 32 bytes of header, 476 of data, 4 at the end
_MAGIC = (0x0A324655, 0x9E5D5157)
_END = 0x0AB16F30
_HAS_FAMILY = 0x2000
_RP2040 = 0xE48BFF56
_NOT_FLASH = 0x1
_PAGE = 256
# [SDK] binary_info/structure.h and defs.h
_INFO_BEGIN = 0x7188EBF2
_INFO_END = 0xE71AA390
_STRING = 6
_DRIVE = 7
_VERSION = 0x11A9BC3A
_BOARD = 0xB63CFFBB


@dataclass
class MicroPython:
    """What an image says of itself."""

    flash: bytes  # from the start of flash
    board: str
    version: str
    drives: list[tuple[int, int]]  # (offset in flash, bytes)


def read_uf2(data: bytes, name: str) -> bytes:
    """Flash content from its start, gaps erased. BadInput unless it is one whole RP2040 image."""
    if not data or len(data) % 512:
        raise BadInput(f"{name}: {len(data)} bytes, a UF2 is made of blocks of 512")
    flash = bytearray()
    count = len(data) // 512
    for i in range(count):
        block = data[i * 512 : i * 512 + 512]
        *magic, flags, address, size, number, total, family = struct.unpack_from("<8I", block)
        if tuple(magic) != _MAGIC or struct.unpack_from("<I", block, 508)[0] != _END:
            raise BadInput(f"{name}: block {i} is no UF2 block")
        if not flags & _HAS_FAMILY or family != _RP2040:
            raise BadInput(f"{name}: block {i} is of family {family:#x}, RP2040's is {_RP2040:#x}")
        if number != i or total != count or size != _PAGE or flags & _NOT_FLASH:
            raise BadInput(f"{name}: block {i} of {count} is out of order or has {size} bytes")
        offset = address - FLASH
        if offset < len(flash) or offset % _PAGE or offset + size > FLASH_BYTES:
            raise BadInput(f"{name}: block {i} goes to {address:#x}, which is no place for it")
        flash += b"\xff" * (offset - len(flash)) + block[32 : 32 + size]
    return bytes(flash)


def inspect(flash: bytes, name: str) -> MicroPython:
    """Board, version and drives, from the binary information that pico-sdk puts in."""
    words = struct.unpack_from("<64I", flash.ljust(512, b"\xff"), 0x100)
    found = MicroPython(flash, "", "", [])
    for i in range(60):
        if words[i] == _INFO_BEGIN and words[i + 4] == _INFO_END:
            begin, end = words[i + 1], words[i + 2]
            break
    else:
        raise BadInput(f"{name}: carries no binary information; expected MicroPython for RPI_PICO")
    for at in range(begin - FLASH, end - FLASH, 4):
        try:
            entry = struct.unpack_from("<I", flash, at)[0] - FLASH
            kind, _, first, second, third = struct.unpack_from("<2H3I", flash, entry)
            if kind == _STRING and first == _BOARD:
                found.board = _text(flash, second)
            elif kind == _STRING and first == _VERSION:
                found.version = _text(flash, second)
            elif kind == _DRIVE:
                found.drives.append((second - FLASH, third))
        except struct.error:
            raise BadInput(f"{name}: its binary information points outside of the image")
    return found


def _text(flash: bytes, address: int) -> str:
    begin = address - FLASH
    return flash[begin : flash.index(b"\0", begin)].decode(errors="replace")


def load(path: Path) -> MicroPython:
    """A MicroPython that the wand can run on, or BadInput with what is wrong with it."""
    try:
        found = inspect(read_uf2(path.read_bytes(), str(path)), str(path))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}")
    if found.board != "pico":
        raise BadInput(f"{path}: for board {found.board!r}, expected 'pico' (RPI_PICO)")
    if (START, BLOCK * BLOCKS) not in found.drives:
        raise BadInput(
            f"{path}: keeps its files at {found.drives or 'no known place'}, "
            f"expected {BLOCK * BLOCKS} bytes at {START:#x} as RPI_PICO does"
        )
    if len(found.flash) > START:
        raise BadInput(f"{path}: reaches to {len(found.flash):#x}, over the files at {START:#x}")
    builder.must_fit(found.version)
    return found


def littlefs(files: dict[str, bytes]) -> bytes:
    """The flash's file system with these files."""
    from littlefs import LittleFS, UserContext

    disk = LittleFS(
        context=UserContext(buffsize=BLOCK * BLOCKS),
        block_size=BLOCK,
        block_count=BLOCKS,
        read_size=32,
        prog_size=_PAGE,  # as MicroPython mounts it: rp2/modules/_boot.py
        disk_version=0x00020000,  # the oldest that every MicroPython with littlefs 2 reads
    )
    for name, content in files.items():
        for i, char in enumerate(name):
            if char == "/":
                disk.makedirs(name[:i], exist_ok=True)
        with disk.open(name, "wb") as file:
            file.write(content)
    return bytes(disk.context.buffer)


def factory(build: builder.Build, slot: str = "a") -> dict[str, bytes]:
    """What a new wand holds: loader, one slot, and the file that says which."""
    files = {name: build.files[name] for name in builder.LOADER}
    files.update({f"{slot}/{name}": data for name, data in build.everything().items()})
    files["slot"] = slot.encode()
    return files


def merge(python: bytes, disk: bytes) -> bytes:
    """One UF2. Every page of the disk: a page left out would keep an older disk's content."""
    pages = [(at, python[at : at + _PAGE]) for at in range(0, len(python), _PAGE)]
    pages += [(START + at, disk[at : at + _PAGE]) for at in range(0, len(disk), _PAGE)]
    out = bytearray()
    for i, (at, page) in enumerate(pages):
        head = (*_MAGIC, _HAS_FAMILY, FLASH + at, _PAGE, i, len(pages), _RP2040)
        out += struct.pack("<8I", *head) + page.ljust(476, b"\0") + struct.pack("<I", _END)
    return bytes(out)


@click.command("image")
@click.option("--micropython", "python", required=True, metavar="FILE.uf2",
              type=click.Path(dir_okay=False, path_type=Path),
              help="RPI_PICO, from micropython.org/download.")  # fmt: skip
@click.option("-o", "--out", required=True, metavar="WAND.uf2",
              type=click.Path(dir_okay=False, path_type=Path))  # fmt: skip
@click.option("--calibration", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="For emulated wands: a stored calibration record.")  # fmt: skip
@click.option("--strip", is_flag=True, help="As `ionwand build --strip`.")
def command(python: Path, out: Path, calibration: Path | None, strip: bool) -> int:
    """MicroPython and the firmware in one file for a new wand."""
    found = load(python)
    build = builder.pack(builder.make(source.ROOT, strip=strip))
    line = builder.size_line(build)
    files = factory(build)
    if calibration is not None:
        try:
            record = calibration.read_bytes()
        except OSError as error:
            raise BadInput(f"{calibration}: {error.strerror}")
        files["records/calibration.a"] = files["records/calibration.b"] = record
    data = merge(found.flash, littlefs(files))
    try:
        out.write_bytes(data)
    except OSError as error:
        raise BadInput(f"{out}: {error.strerror}")
    click.echo(f"{build.name} on MicroPython {found.version}: {out}, {len(data):,} bytes")
    click.echo(line)
    if calibration is None:
        click.echo("not calibrated: the wand gives no output until it is")
    return 0
