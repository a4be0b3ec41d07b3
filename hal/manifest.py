"""Are the files as they were built [S-15]? `ionwand build` lists them in manifest.json.

The same functions run at power-on and, sent over by `ionwand flash`, on whatever firmware is
there. Folders, the slots, hold one firmware each; the file `slot` names the one in use. The
loader (boot.py, main.py) lies beside them, and each slot has the copy that belongs to it.

Power-on compares CRC-32, for SHA-256 takes the chip 80 ms longer and the start has 1.5 s [P-07].
SHA-256 decides what goes into use.
"""

import hashlib
import json
from binascii import crc32, hexlify

LOADER = ("boot.py", "main.py")
SLOTS = ("a", "b", "mip")  # two for `ionwand flash`, one for who comes by mip
NAME = "manifest.json"
_NONE = ("", 0, -1)


def digest(path, buffer=None):
    """SHA-256 in hexadecimal, None where there is no such file."""
    sha = hashlib.sha256()
    if not _read(path, buffer or bytearray(1024), sha.update):
        return None
    return hexlify(sha.digest()).decode()


def _checksum(path, buffer):
    """CRC-32, None where there is no such file."""
    total = 0

    def update(data):
        nonlocal total
        total = crc32(data, total)

    return total if _read(path, buffer, update) else None


def _read(path, buffer, update):
    view = memoryview(buffer)
    try:
        with open(path, "rb") as file:
            while True:
                size = file.readinto(buffer)
                if not size:
                    return True
                update(view[:size])
    except OSError:
        return False


def listed(folder):
    """{file: [SHA-256, bytes, CRC-32]} of a slot; None: its manifest is missing or damaged."""
    try:
        with open(_join(folder, NAME)) as file:
            files = json.load(file)["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return files if isinstance(files, dict) and files else None


def check_slot(folder):
    """None where this folder is as built, judged by SHA-256, else a line with what isn't."""
    return _check(folder, listed(folder), digest, 0)


def check(folder):
    """The same by CRC-32, for the firmware in use and the loader.

    The loader may be another slot's: an update that is cut leaves the new one in front of the old
    slot, and it works with both.
    """
    files = listed(folder)
    if files is None and _frozen(folder):
        return None
    bad = _check(folder, files, _checksum, 2)
    if bad or not folder:  # without slots the loader is among the files
        return bad
    buffer = bytearray(1024)
    for name in LOADER:
        found = _checksum(name, buffer)
        if found == files.get(name, _NONE)[2]:
            continue
        for slot in SLOTS:
            if slot != folder and found == (listed(slot) or {}).get(name, _NONE)[2]:
                break
        else:
            return name + ": is not as built, flash the wand anew"
    return None


def _frozen(folder):
    """True where this is part of MicroPython's own image: there are no files to compare."""
    if __name__ == "__main__":  # sent over by `ionwand flash`
        return False
    for path in (__file__, _join(folder, "hal/manifest.mpy")):
        try:
            with open(path):
                return False
        except OSError:
            pass
    return True


def _check(folder, files, function, column):
    if files is None:
        return _join(folder, NAME) + ": missing or damaged, flash the wand with ionwand"
    buffer = bytearray(1024)
    for name in sorted(files):
        path = _join(folder, name)
        if function(path, buffer) != files[name][column]:
            return path + ": is not as built, flash the wand anew"
    return None


def in_use():
    """The slot's name, None before the first update."""
    try:
        with open("slot") as file:
            name = file.read()
    except OSError:
        return None
    return name if name in SLOTS else None


def _join(folder, name):
    return folder + "/" + name if folder else name
