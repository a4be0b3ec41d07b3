"""A firmware of a few lines that tells which one it is, to be flashed instead of the wand's.

boot.py, main.py and hal/manifest.py are the wand's own. Every file carries the version, so that
a mixture of two would show itself.
"""

import dataclasses

from ionwand.release import build as builder

HAL = """from hal import part
VERSION = %d
def refused(version):
    return None
def open_board():
    return (VERSION, part.VERSION)
"""
APP = """import sys
from hal import manifest
class App:
    def __init__(self, board):
        self.seen = board + (%d,)
    def run(self):
        print("started", self.seen, "files", manifest.check(sys.path[0]))
"""


def make(root, number, loader="", arch="x64"):
    """Version `number`. `loader` is appended to boot.py and main.py."""
    files = {
        "boot.py": (root / "boot.py").read_bytes() + loader.encode(),
        "main.py": (root / "main.py").read_bytes() + loader.encode(),
        "hal/__init__.py": (HAL % number).encode(),
        "hal/part.py": b"VERSION = %d\n" % number,
        "hal/manifest.py": (root / "hal" / "manifest.py").read_bytes(),
        "hal/same.py": b"# in every version\n" * 60,
        "hal/only%d.py" % number: b"",
        "firmware/__init__.py": b"",
        "firmware/app.py": (APP % number).encode(),
    }
    return builder.assemble(files, f"{number}.0.0", arch)


def started(number):
    """What version `number` says on the console when it is whole."""
    return f"started ({number}, {number}, {number}) files None"


def put(build, folder, slot="a"):
    """As a factory does it: loader, one slot, pointer."""
    for name, data in build.everything().items():
        path = folder / slot / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for name in builder.LOADER:
        (folder / name).write_bytes(build.files[name])
    (folder / "slot").write_text(slot)


def other(build, version):
    """The same wand under another version: one file differs, and the manifest."""
    files = dict(build.files)
    files["firmware/note.py"] = f"VERSION = {version!r}\n".encode()
    return dataclasses.replace(builder.assemble(files, version, build.arch))
