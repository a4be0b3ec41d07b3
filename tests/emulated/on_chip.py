"""tests/device's cases on the emulated chip, as built and flashed; no mpremote, no cable.

    IONWAND_UF2=RPI_PICO.uf2 python tests/emulated/on_chip.py > tests/device/emulated.toml

writes what `make device-test` prints beside a real wand's figures.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
for _place in ("tools/shim", "tools", ".", "tests/helpers"):
    sys.path.insert(0, str(ROOT / _place))

import wand_unittest  # noqa: E402

from firmware.session import STATES  # noqa: E402
from ionwand.emulation import disk, session  # noqa: E402

JOB = {"product": "vitamin-c", "duration_s": 1000, "events": []}
CASES = ROOT / "tests" / "device" / "on_wand.py"
# Before the cases come, whose text and code are 10 KB.
ROOM = "import gc\ngc.collect()\nprint('figure heap_free_b', gc.mem_free())"


def run(uf2):
    """{"text": what the cases said, "figures": {name: number}}."""
    unittest = {"a/unittest.py": Path(wand_unittest.__file__).read_bytes()}
    wand = session.wand(uf2, JOB, more=unittest)
    chip = wand.chip
    ready = STATES.index("ready")
    chip.wait(5000, lambda: bool(wand.status) and wand.status[0] == ready, "READY")
    chip.run(20)
    chip.raw()
    text = chip.execute(ROOM) + chip.execute(CASES.read_text(), 30_000)
    figures = re.findall(r"^figure (\w+) (\S+)\r?$", text, re.MULTILINE)
    return {"text": text, "figures": {name: float(value) for name, value in figures}}


if __name__ == "__main__":
    said = run(disk.find())
    print(said["text"], file=sys.stderr)
    print("# Made by tests/emulated/on_chip.py; no noise: the emulated converters have none.")
    for _name, _value in said["figures"].items():
        print(f"{_name} = {_value:g}")
