"""Records and the manifest, as files on the chip's littlefs.

A record is replaced as a whole when its file is closed; what a power cut leaves is judged by
firmware/records.py. Whether writing is allowed at all is the board's business [S-13].
"""

import hashlib
import os
from binascii import hexlify

_FOLDER = "/records"
_MANIFEST = "/manifest.txt"  # one line a file: SHA-256 in hexadecimal, two spaces, path


def read(name):
    """Content, or None where there is no such record."""
    try:
        with open(_FOLDER + "/" + name, "rb") as file:
            return file.read()
    except OSError:
        return None


def write(name, content):
    try:
        os.mkdir(_FOLDER)
    except OSError:
        pass  # there already
    with open(_FOLDER + "/" + name, "wb") as file:
        file.write(content)


def check_files():
    """None where every file of the manifest is as built, else a line that names the first bad."""
    buffer = bytearray(1024)
    count = 0
    try:
        with open(_MANIFEST) as lines:
            for line in lines:
                expected, _, path = line.strip().partition("  ")
                if _hash(path, buffer) != expected:
                    return path + ": is not as built, flash the wand anew"
                count += 1
    except OSError:
        return _MANIFEST + ": missing, flash the wand with ionwand"
    return None if count else _MANIFEST + ": empty, flash the wand with ionwand"


def _hash(path, buffer):
    digest = hashlib.sha256()
    view = memoryview(buffer)
    try:
        with open(path, "rb") as file:
            while True:
                size = file.readinto(buffer)
                if not size:
                    return hexlify(digest.digest()).decode()
                digest.update(view[:size])
    except OSError:
        return ""
