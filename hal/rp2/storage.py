"""Records, as files on the chip's littlefs.

A record is replaced as a whole when its file is closed; what a power cut leaves is judged by
firmware/records.py. Whether writing is allowed at all is the board's business [S-13].
"""

import gc
import os
import sys

_FOLDER = "/records"
_ENOENT = 2

# What is there, while the wand starts: a journal that was never written is asked for in 69 files,
# and littlefs takes 3 ms to say no [P-07]. None: nobody knows.
_there = None


def look():
    """From now on until `forget()` nobody but `write` changes the folder."""
    global _there
    try:
        _there = os.listdir(_FOLDER)
    except OSError as error:
        _there = [] if error.errno == _ENOENT else None


def forget():
    global _there
    _there = None


def read(name):
    """Content, or None where there is no such record. OSError where it can't be read."""
    if _there is not None and name not in _there:
        return None
    try:
        with open(_FOLDER + "/" + name, "rb") as file:
            return file.read()
    except OSError as error:
        if error.errno != _ENOENT:
            raise
        return None


def write(name, content):
    try:
        os.mkdir(_FOLDER)
    except OSError:
        pass  # there already
    if _there is not None:
        _there.append(name)
    with open(_FOLDER + "/" + name, "wb") as file:
        file.write(content)


def check_files():
    """None where every file is as built, else a line that names the first that isn't."""
    from hal import manifest

    bad = manifest.check(sys.path[0])  # main.py has put the slot in use there
    # Asked once: 3 KB of heap [P-08], and as much again of what it has read.
    del sys.modules["hal.manifest"]
    del sys.modules["hal"].manifest
    gc.collect()
    return bad
