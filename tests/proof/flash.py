"""Records on littlefs, and what is on the flash where power goes at one of its operations.

Geometry and format as tools/ionwand/release/image.py gives the wand's. `write` is
hal/rp2/storage.py's: the whole file anew, which littlefs puts in the old one's place when it is
closed.
"""

import littlefs
from plain_board import PlainBoard

_BLOCK = 4096
_BLOCKS = 80  # fewer than the wand's, more than its records take


class Chip(littlefs.UserContext):
    """Keeps a list of its programs and erasures: (position, bytes)."""

    def __init__(self, buffer=None):
        super().__init__(_BLOCK * _BLOCKS, buffer)
        self.done = []

    def prog(self, cfg, block, off, data):
        self.done.append((block * cfg.block_size + off, bytes(data)))
        return super().prog(cfg, block, off, data)

    def erase(self, cfg, block):
        self.done.append((block * cfg.block_size, b"\xff" * cfg.block_size))
        return super().erase(cfg, block)


class Files:
    """read(name), write(name, data), as the board has them."""

    def __init__(self, image=None):
        self.chip = Chip(image)
        self._disk = littlefs.LittleFS(
            self.chip, block_size=_BLOCK, block_count=_BLOCKS, read_size=32, prog_size=256,
            disk_version=0x00020000, mount=False,
        )  # fmt: skip
        if image is None:
            self._disk.format()
        self._disk.mount()
        self.chip.done = []

    def copy(self):
        """The same flash after power has been away."""
        return Files(bytearray(self.chip.buffer))

    def cuts(self, write):
        """What is on the flash where power goes during `write()`, at and within each operation."""
        image = bytearray(self.chip.buffer)
        self.chip.done = []
        write()
        for at, data in self.chip.done:
            for share in (0, 1, *range(31, len(data), max(31, len(data) // 4)), len(data) - 1):
                torn = bytearray(image)
                torn[at : at + share] = data[:share]
                yield Files(torn)
            image[at : at + len(data)] = data

    def read(self, name):
        try:
            with self._disk.open(name, "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def write(self, name, data):
        with self._disk.open(name, "wb") as file:
            file.write(bytes(data))


class Wand(PlainBoard):
    """A board of resistors whose records lie on one of the media."""

    def __init__(self, files):
        super().__init__()
        self.medium = files
        self.read = files.read
        self.write = files.write
