"""Are the files as they were built [S-15]? `ionwand build` lists them in manifest.json.

The same functions run at power-on and, sent over by `ionwand flash`, on whatever firmware is
there. Two folders, the slots, hold one firmware each; the file `slot` names the one in use. The
loader (boot.py, main.py) lies beside them, and each slot has the copy that belongs to it.
"""

import hashlib
import json
from binascii import hexlify

LOADER = ("boot.py", "main.py")
SLOTS = ("a", "b")
NAME = "manifest.json"


def digest(path, buffer=None):
    """SHA-256 in hexadecimal, None where there is no such file."""
    sha = hashlib.sha256()
    buffer = buffer or bytearray(1024)
    view = memoryview(buffer)
    try:
        with open(path, "rb") as file:
            while True:
                size = file.readinto(buffer)
                if not size:
                    return hexlify(sha.digest()).decode()
                sha.update(view[:size])
    except OSError:
        return None


def listed(folder):
    """{file: [SHA-256, bytes]} of a slot, None where its manifest is missing or damaged."""
    try:
        with open(_join(folder, NAME)) as file:
            files = json.load(file)["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return files if isinstance(files, dict) and files else None


def check_slot(folder):
    """None where everything in this folder is as built, else a line with the first that isn't."""
    files = listed(folder)
    if files is None:
        return _join(folder, NAME) + ": missing or damaged, flash the wand with ionwand"
    buffer = bytearray(1024)
    for name in sorted(files):
        path = _join(folder, name)
        if digest(path, buffer) != files[name][0]:
            return path + ": is not as built, flash the wand anew"
    return None


def check(folder):
    """The same for the firmware in use and the loader, which may be the other slot's.

    An update that is cut leaves the new loader in front of the old slot, and it works with both.
    """
    bad = check_slot(folder)
    if bad or not folder:  # without slots the loader is among the files
        return bad
    good = []
    for slot in SLOTS:
        good.append(listed(slot) or {})
    for name in LOADER:
        found = digest(name)
        if not any(found == files.get(name, [""])[0] for files in good):
            return name + ": is not as built, flash the wand anew"
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
