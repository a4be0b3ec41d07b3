# For those who build MicroPython themselves: the wand frozen into it, files in flash not needed.
#   make -C ports/rp2 BOARD=RPI_PICO FROZEN_MANIFEST=.../tools/freeze/manifest.py
# `ionwand flash` then still works: what a slot holds comes before what is frozen. boot.py and
# main.py are frozen too; those in flash, if there are any, come first.
import os

include("$(PORT_DIR)/boards/manifest.py")  # noqa: F821
_ROOT = "../.."
_NOT_ON_CHIP = (
    "hal/board.py",
    "hal/drivers/asked.py",
    "hal/drivers/mcp4725.py",
    "hal/drivers/scan.py",
)


def _sources(folder):
    """What is not on the chip stays at home: release/build.py."""
    for path, folders, names in os.walk(os.path.join(_ROOT, folder)):
        folders[:] = sorted(name for name in folders if name not in ("sim", "__pycache__"))
        for name in sorted(names):
            place = os.path.relpath(os.path.join(path, name), _ROOT)
            if name.endswith(".py") and place not in _NOT_ON_CHIP:
                yield place


for _name in ("boot.py", "main.py", *_sources("firmware"), *_sources("hal")):
    module(_name, base_path=_ROOT)  # noqa: F821
