"""The factory image: only a fitting MicroPython goes in, and what comes out holds both, once."""

import struct

import pytest
from click.testing import CliRunner
from littlefs import LittleFS, UserContext

from ionwand.errors import BadInput
from ionwand.release import build as builder
from ionwand.release import image

RP2040 = 0xE48BFF56
RP2350 = 0xE48BFF59
BASE = 0x10000000


def _micropython(board=b"pico", version=b"v1.28.0", start=image.START, pages=8):
    """As much of a UF2 of MicroPython as its binary information."""
    flash = bytearray(b"\x11" * 256 * pages)
    at = 0x300
    struct.pack_into("<5I", flash, 0x1C0, 0x7188EBF2, BASE + at, BASE + at + 12, 0, 0xE71AA390)
    struct.pack_into("<3I", flash, at, BASE + 0x400, BASE + 0x420, BASE + 0x440)
    struct.pack_into("<2H2I", flash, 0x400, 6, 0x5052, 0xB63CFFBB, BASE + 0x500)
    struct.pack_into("<2H2I", flash, 0x420, 6, 0x5052, 0x11A9BC3A, BASE + 0x540)
    size = 352 * 4096
    struct.pack_into("<2H3I", flash, 0x440, 7, 0x504D, BASE + 0x580, BASE + start, size)
    flash[0x500 : 0x500 + len(board) + 1] = board + b"\0"
    flash[0x540 : 0x540 + len(version) + 1] = version + b"\0"
    return bytes(flash)


def _uf2(flash, family=RP2040):
    out = b""
    count = len(flash) // 256
    for i in range(count):
        head = (0x0A324655, 0x9E5D5157, 0x2000, BASE + i * 256, 256, i, count, family)
        page = flash[i * 256 : i * 256 + 256].ljust(476, b"\0")
        out += struct.pack("<8I", *head) + page + struct.pack("<I", 0x0AB16F30)
    return out


@pytest.fixture
def put(tmp_path):
    def write(data):
        path = tmp_path / "python.uf2"
        path.write_bytes(data)
        return path

    return write


def test_a_fitting_micropython_is_recognised(put):
    found = image.load(put(_uf2(_micropython())))
    assert (found.board, found.version) == ("pico", "v1.28.0")
    assert found.drives == [(0xA0000, 1408 * 1024)]


@pytest.mark.parametrize(
    "data, why",
    [
        (b"", "0 bytes"),
        (b"x" * 512, "block 0 is no UF2 block"),
        (_uf2(_micropython())[:-512], "out of order"),
        (_uf2(_micropython())[512:] + _uf2(_micropython())[:512], "out of order"),
        (_uf2(_micropython(), RP2350), "family 0xe48bff59"),
        (_uf2(_micropython(board=b"pico_w")), "for board 'pico_w'"),
        (_uf2(_micropython(version=b"v1.21.0")), "this firmware is for 1.26"),
        (_uf2(_micropython(start=0x100000)), "keeps its files at"),
        (_uf2(_micropython(pages=image.START // 256 + 1)), "over the files"),
        (_uf2(b"\x11" * 2048), "no binary information"),
    ],
)
def test_anything_else_is_refused_with_the_reason(put, data, why):
    with pytest.raises(BadInput, match=why):
        image.load(put(data))


def test_a_truncated_or_missing_file_is_one_line(put, tmp_path):
    with pytest.raises(BadInput, match="made of blocks of 512"):
        image.load(put(_uf2(_micropython())[:-1]))
    with pytest.raises(BadInput, match="No such file"):
        image.load(tmp_path / "nothing.uf2")


@pytest.mark.req("S-17")
def test_the_image_holds_micropython_and_the_wand_and_no_calibration(put, tmp_path, root):
    python = _micropython()
    out = tmp_path / "wand.uf2"
    args = ["--micropython", str(put(_uf2(python))), "-o", str(out)]
    done = CliRunner().invoke(image.command, args, standalone_mode=False)
    assert done.exit_code == 0 and "not calibrated" in done.output
    flash = image.read_uf2(out.read_bytes(), "wand.uf2")
    assert flash[: len(python)] == python and len(flash) == image.FLASH_BYTES
    disk = _mounted(flash[image.START :])
    build = builder.pack(builder.make(root))
    assert sorted(disk.listdir("/")) == ["a", "boot.py", "main.py", "slot"]
    assert _read(disk, "slot") == b"a"
    assert _read(disk, "boot.py") == (root / "boot.py").read_bytes()
    for name, data in build.everything().items():
        assert _read(disk, f"a/{name}") == data


def test_the_same_sources_give_the_same_image(put, root):
    python = put(_uf2(_micropython()))
    found = image.load(python)
    one, two = (
        image.merge(found.flash, image.littlefs(image.factory(builder.make(root))))
        for _ in range(2)
    )
    assert one == two


def test_a_calibration_goes_in_only_where_it_is_given(put, tmp_path):
    record = tmp_path / "record"
    record.write_bytes(b"IW...")
    out = tmp_path / "wand.uf2"
    args = ["--micropython", str(put(_uf2(_micropython()))), "-o", str(out)]
    args += ["--calibration", str(record)]
    done = CliRunner().invoke(image.command, args, standalone_mode=False)
    assert done.exit_code == 0 and "not calibrated" not in done.output
    disk = _mounted(image.read_uf2(out.read_bytes(), "")[image.START :])
    assert _read(disk, "records/calibration.a") == _read(disk, "records/calibration.b") == b"IW..."


def _mounted(content):
    context = UserContext(buffer=bytearray(content))
    disk = LittleFS(context=context, mount=False, block_size=4096, block_count=352)
    disk.mount()
    return disk


def _read(disk, name):
    with disk.open(name, "rb") as file:
        return file.read()
