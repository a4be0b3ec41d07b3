"""A flashed folder's own main.py, but on a board that waits for the host: wand_side.py."""

import sys

with open("slot") as _file:
    sys.path.insert(0, _file.read())  # as main.py does itself

import wand_side

wand_side.install()
sys.path.pop(0)
with open("main.py") as _file:
    exec(_file.read(), globals())
