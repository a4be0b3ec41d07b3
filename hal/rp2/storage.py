"""Records, as files on the chip's littlefs.

A record is replaced as a whole when its file is closed; what a power cut leaves is judged by
firmware/records.py. Whether writing is allowed at all is the board's business [S-13].
"""

import os
import sys

from hal import manifest

_FOLDER = "/records"
_ENOENT = 2


def read(name):
    """Content, or None where there is no such record. OSError where it can't be read."""
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
    with open(_FOLDER + "/" + name, "wb") as file:
        file.write(content)


def check_files():
    """None where every file is as built, else a line that names the first that isn't."""
    return manifest.check(sys.path[0])  # main.py has put the slot in use there
