"""The wand. boot.py has turned the output off before this."""

import sys

try:
    with open("slot") as _file:  # the folder that holds the firmware in use: docs/flashing.md
        sys.path.insert(0, _file.read())
except OSError:
    pass  # in a checkout the folders lie beside this file

import hal  # noqa: E402
from firmware.app import App  # noqa: E402

board = hal.open_board()
App(board).run()
