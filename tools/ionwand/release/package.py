"""What `mpremote mip install github:...` takes: package.json at the root, and the build in mip/.

`python -m ionwand.release.package` writes both, as a step of each release. mip only fetches files
and writes them one after the other, so they go into a folder of their own, a third slot; the
loader follows, and last the file `slot`, which puts it all into use. A mip that is cut before has
changed nothing, one that is cut in the middle of an older mip's folder leaves a wand that the
files' check keeps dark (docs/flashing.md).

Compiled, because the chip has not the memory to compile the whole wand itself.
"""

import json
import shutil
from pathlib import Path

from ionwand.device import source
from ionwand.release import build as builder

SLOT = "mip"
POINTER = "slot"
# From `/lib`, where mip puts things, to `/`: so no --target.
_UP = "../"
DEPENDENCIES = [["unittest", "latest"]]  # for tests/device/on_wand.py


def contents(build: builder.Build) -> dict[str, bytes]:
    """{path in the repository: bytes}."""
    files = {f"{SLOT}/{name}": data for name, data in build.everything().items()}
    files[f"{SLOT}/{POINTER}"] = SLOT.encode()
    places = [[f"{_UP}{SLOT}/{name}", f"{SLOT}/{name}"] for name in build.everything()]
    places += [[_UP + name, f"{SLOT}/{name}"] for name in (*builder.LOADER, POINTER)]
    rows = ",\n".join("  " + json.dumps(place) for place in places)
    files[builder.PACKAGE] = (
        f'{{\n "version": {json.dumps(build.version)},\n "deps": {json.dumps(DEPENDENCIES)},\n'
        f' "urls": [\n{rows}\n ]\n}}\n'
    ).encode()
    return files


def write(build: builder.Build, root: Path) -> None:
    """The whole folder anew."""
    shutil.rmtree(root / SLOT, ignore_errors=True)
    for name, data in contents(build).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    write(builder.pack(builder.make()), source.ROOT)
