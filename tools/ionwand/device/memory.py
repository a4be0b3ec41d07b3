"""A wand's memory from the host: at the end of a cable, or a folder of its record files.

Both run firmware/console.py: the one on the wand, the other here, on files as they lie in the
wand's /records. A folder is what `ionwand simulate --records` leaves.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ionwand.device import link, orders, source
from ionwand.errors import BadInput, RunFailed


class Folder:
    """read(name), write(name, data) as a board has them. A file is replaced by renaming."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, name: str) -> bytes | None:
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise BadInput(f"{self.path / name}: {error.strerror}")

    def write(self, name: str, data: bytes) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            beside = self.path / f"{name}.part"
            beside.write_bytes(data)
            os.replace(beside, self.path / name)
        except OSError as error:
            raise BadInput(f"{self.path / name}: {error.strerror}")


class Files:
    """The console's functions on a folder."""

    def __init__(self, path: Path) -> None:
        self.where = str(path)
        self._board = Folder(path)

    def call(self, function: str, *arguments: Any) -> Any:
        source.products()
        from firmware import console

        try:
            return getattr(console, function)(self._board, *arguments)
        except ValueError as error:
            raise BadInput(f"{self.where}: {error}")

    def board_id(self) -> str:
        """Files are of no wand that could be named."""
        return ""


class Wand:
    """The console's functions on a wand."""

    def __init__(self, cable: link.Link) -> None:
        self.where = cable.where
        self._cable = cable
        cable.run("from firmware import console")

    def call(self, function: str, *arguments: Any) -> Any:
        try:
            return self._cable.ask(orders.call(function, *arguments))
        except RunFailed as error:
            raise RunFailed(str(error).splitlines()[-1].strip())

    def board_id(self) -> str:
        return self._cable.board_id()


@contextmanager
def opened(port: str | None, folder: Path | None) -> Iterator[Files | Wand]:
    """What --port and --file name: exactly one of them."""
    if (port is None) == (folder is None):
        raise BadInput("say where: --port PORT for a wand, or --file FOLDER for its records")
    if folder is not None:
        yield Files(folder)
        return
    with link.connect(str(port)) as cable:
        memory = Wand(cable)
        yield memory
        cable.restart()
