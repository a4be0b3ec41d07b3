"""What is said to a wand over its console, whoever holds the cable: ionwand or the page.

A procedure is a generator: it yields orders and is sent what came of each, so that a program that
waits and a page that must not wait go through the same steps. Orders are
    ("run", code)           what the code printed
    ("ask", expression)     its value
    ("put", name, data)     a file onto the wand
    ("plan", bytes)         so many are going to be put, for whoever shows progress
    ("say", line)           for the person
Runs in the page's MicroPython too: virtual/carried.py.
"""

from binascii import b2a_base64
from collections.abc import Iterator
from typing import Any

# What a host sees on USB: MicroPython on a Raspberry Pi Pico [MPY: ports/rp2/mpconfigport.h].
USB_VENDOR, USB_PRODUCT = 0x2E8A, 0x0005
CHUNK_BYTES = 768  # of a file in one piece of code: it must fit through the console
WORKING = "from firmware.app import App\nApp.running.board"  # fails where no program has run

# `board` is what main.py left behind. The watchdog's enable bit is cleared by its own alias
# [RP] 2.1.2, 4.7.6: a wand without our program may have one running too.
QUIET = """
import os, sys
try:
    board.output_off()
    board.stop_watchdog()
except (NameError, AttributeError):
    pass
if sys.platform == "rp2":
    exec(%r, {})
    import machine
    machine.mem32[0x4005B000] = 1 << 30
"""

# The board of a wand that has never run our program is its chip alone.
IDENTITY = """
try:
    _identity = board.identity()
except Exception:
    try:
        import machine
        _identity = machine.unique_id()
    except Exception:
        _identity = b""
"""

# The version of the firmware in use, what MicroPython is, and the heap that is left.
VERSION = """
import gc, json, sys
try:
    with open(sys.path[0] + "/manifest.json") as _file:
        _version = json.load(_file)["version"]
except (OSError, ValueError, KeyError):
    _version = "a checkout"
gc.collect()
"""
ABOUT = "(_version, '.'.join(str(n) for n in sys.implementation.version[:3]), gc.mem_free())"


def quiet(boot: str) -> str:
    """End what runs and turn the output off. `boot`: the text of boot.py."""
    return QUIET % boot


def pieces(name: str, data: bytes) -> Iterator[str]:
    """Code that writes a file, in pieces that fit through the console."""
    yield f"from binascii import a2b_base64\n_file = open({name!r}, 'wb')"
    for i in range(0, len(data), CHUNK_BYTES):
        coded = b2a_base64(data[i : i + CHUNK_BYTES]).decode().strip()  # a repr is twice as long
        yield f"_file.write(a2b_base64({coded!r}))"
    yield "_file.close()"


def call(function: str, *arguments: Any) -> str:
    """Expression that calls a function of firmware/console.py."""
    values = "".join(f", {one!r}" for one in arguments)
    return f"console.{function}(board{values})"


def reason(error: str) -> str:
    """What a traceback's last line says."""
    line = error.strip().split("\n")[-1].strip()
    return line[12:] if line.startswith("ValueError: ") else line
