"""Makes firmware, hal and the simulated job importable for the proofs, from any directory."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
for _place in (
    ROOT / "tools/ionwand/simulation/guest",
    ROOT / "tools" / "shim",
    ROOT / "tools" / "proof",
    ROOT / "tools",
    ROOT,
):
    if str(_place) not in sys.path:
        sys.path.insert(0, str(_place))

OUT = ROOT / "out" / "proof"
