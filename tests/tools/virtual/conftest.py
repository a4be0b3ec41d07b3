"""Puts what runs inside the wand's interpreter on the path, as a page has it."""

import sys

from ionwand import simulation, virtual

for _folder in (simulation.GUEST, virtual.GUEST):
    if str(_folder) not in sys.path:
        sys.path.insert(0, str(_folder))
