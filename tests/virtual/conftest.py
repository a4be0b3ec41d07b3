"""Puts the wand's own helpers (tools/simulated, tools/virtual) on the path, as a page has them."""

import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
for _name in ("simulated", "virtual"):
    _place = str(_ROOT / "tools" / _name)
    if _place not in sys.path:
        sys.path.insert(0, _place)
