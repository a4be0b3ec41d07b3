"""Image, update, reset at every file boundary and rollback on the emulated RP2040 [S-15].

The real MicroPython writes a real littlefs; the firmware is a stand-in of a few lines. Its files
at every boundary are taken out of the flash and started on the Unix port; around the switch the
chip itself is reset with that flash, at some seconds of a processor each.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
import standin
from littlefs import LittleFS, UserContext

from ionwand.device import pty_board
from ionwand.errors import BadInput
from ionwand.release import build as builder
from ionwand.release import flash, image

pytest.importorskip("rp2040py", reason="the emulator is not installed (pip install rp2040py)")
from ionwand.emulation import disk as where  # noqa: E402
from ionwand.emulation.chip import Chip  # noqa: E402

try:
    UF2 = where.find()
except BadInput as error:
    pytest.skip(str(error), allow_module_level=True)

import emulated_link  # noqa: E402


def _disk(chip):
    return bytes(chip.mcu.flash[image.START : image.FLASH_BYTES])


def _start(chip, disk):
    """Power-on with this flash; the line that the stand-in prints."""
    chip.mcu.flash[image.START : image.FLASH_BYTES] = disk
    chip.connected.clear()
    chip.forget()
    chip.hard_reset()
    chip.wait(3000, lambda: chip.connected, "USB")
    chip.expect(b"started ")
    return "started " + chip.expect(b"\r\n").decode()


def _small(root, number, loader=""):
    """Compiled and with the wand's packages: main.py imports nothing else on the chip."""
    with tempfile.TemporaryDirectory() as folder:
        files = dict(standin.make(root, number, loader).files)
        files["hal/drivers/__init__.py"] = files["hal/rp2/__init__.py"] = b""
        files["hal/__init__.py"] += b"import hal.drivers, hal.rp2\n"
        for name, data in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        shutil.copy(root / "pyproject.toml", folder)
        files = builder.make(Path(folder)).files
    return builder.assemble(files, f"{number}.0.0", "armv6m")


def _taken_out(disk, folder):
    """The same start, by the files in this flash."""
    context = UserContext(buffer=bytearray(disk))
    fs = LittleFS(context=context, mount=False, block_size=image.BLOCK, block_count=image.BLOCKS)
    fs.mount()
    for path, _, names in fs.walk("/"):
        (folder / path.strip("/")).mkdir(parents=True, exist_ok=True)
        for name in names:
            with fs.open(f"{path}/{name}", "rb") as file:
                (folder / path.strip("/") / name).write_bytes(file.read())
    done = subprocess.run(
        [pty_board.MICROPYTHON, "main.py"], cwd=folder, capture_output=True, text=True
    )
    return (done.stdout + done.stderr).strip()


@pytest.fixture(scope="module")
def chip(root, tmp_path_factory):
    """A chip that was given the image of the stand-in's version 1, as by drag and drop."""
    found = image.load(UF2)
    path = tmp_path_factory.mktemp("image") / "wand.uf2"
    disk = image.littlefs(image.factory(_small(root, 1)))
    path.write_bytes(image.merge(found.flash, disk))
    chip = Chip(path)
    assert _disk(chip) == disk
    return chip


@pytest.fixture(scope="module")
def updated(root, chip):
    """(what was said, flash before each step on the wand): from version 1 to 2, and the end."""
    said = []
    _start(chip, _disk(chip))
    link = emulated_link.connect(chip)
    flash.prepare(link)
    run, disks = link.run, []

    def seen(code):
        if not code.startswith("_file.write"):  # file boundaries, not those of its pieces
            disks.append(_disk(chip))
        return run(code)

    link.run = seen
    flash.update(link, _small(root, 2, "# later\n"), said.append)
    disks.append(_disk(chip))
    link.run = run
    link.restart()
    return said, [disk for i, disk in enumerate(disks) if not i or disk != disks[i - 1]]


def test_the_image_boots_into_the_firmware(chip):
    chip.connected.clear()
    chip.hard_reset()
    chip.expect(standin.started(1).encode())


@pytest.mark.req("S-15")
def test_a_reset_at_every_file_boundary_starts_the_old_or_the_new(chip, updated, tmp_path):
    said, disks = updated
    answers = [_taken_out(disk, tmp_path / str(i)) for i, disk in enumerate(disks)]
    switched = answers.index(standin.started(2))
    assert answers[:switched] == [standin.started(1)] * switched and switched >= 10
    assert answers[switched:] == [standin.started(2)] * (len(answers) - switched)
    print(said[0], f"{len(disks)} states of the flash")
    for i in (switched // 2, switched - 1, switched):
        assert _start(chip, disks[i]) == answers[i]


def test_rollback_starts_the_first_again(chip, updated):
    _start(chip, updated[1][-1])
    link = emulated_link.connect(chip)
    flash.prepare(link)
    said = []
    flash.rollback(link, said.append)
    resets = len(chip.resets)
    link.restart()
    chip.wait(1000, lambda: len(chip.resets) > resets, "reset")
    chip.expect(standin.started(1).encode())
    assert said[0].startswith("back to 1.0.0")
