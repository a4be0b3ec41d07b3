"""SKiDL without its warnings of KiCad libraries that nobody needs here, without its logs.

It opens those where it is imported: here in a folder under the system's temporary one.
"""

import logging
import os
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.gettempdir()) / f"ionwand-circuit-{os.getuid()}"


class Elsewhere:
    """With: stand in FOLDER, and nobody logs."""

    def __enter__(self):
        FOLDER.mkdir(exist_ok=True)
        self.here = os.getcwd()
        os.chdir(FOLDER)
        logging.disable(logging.CRITICAL)

    def __exit__(self, *_):
        logging.disable(logging.NOTSET)
        os.chdir(self.here)


for _version in ("", "6", "7", "8", "9", "10"):
    os.environ.setdefault(f"KICAD{_version}_SYMBOL_DIR", "/nonexistent")
with Elsewhere():
    import skidl  # noqa: F401
