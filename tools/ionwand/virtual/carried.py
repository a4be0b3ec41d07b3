"""What the page carries for a wand at the end of a cable: host modules, firmware, a report's form.

Host modules run in the page's MicroPython as they are. Some of CPython's own names stand in there,
empty: nothing of them is called.
"""

import base64
import hashlib
from collections.abc import Iterable
from typing import Any

from ionwand.device import orders, source
from ionwand.release import build as builder
from ionwand.treatments import catalogue, report

# Each is imported by guest/desk.py or by one of these; tests run them on the Unix port.
MODULES = (
    "errors", "device/orders", "device/told", "device/fault_words", "release/slots",
    "treatments/catalogue", "treatments/chemistry", "treatments/kept", "treatments/curves",
    "treatments/session_words", "treatments/words", "treatments/known",
    "treatments/blackbox_read", "treatments/blackbox_words", "treatments/letterhead",
)  # fmt: skip
_STAND_INS = {
    "typing.py": "from ucollections import namedtuple\nAny = TypeAlias = None\n"
    "def NamedTuple(name, fields):\n    return namedtuple(name, [one[0] for one in fields])\n",
    "collections/__init__.py": "",
    "collections/abc.py": "Callable = Generator = Iterator = None\n",
    "pathlib.py": "class Path:\n    def __init__(self, *_):\n        pass\n"
    "    def with_name(self, name):\n        return name\n",
    "ionwand/textfile.py": "",
    "ionwand/device/source.py": "def products():\n    pass\n",
}
_PACKAGES = ("ionwand", "ionwand/device", "ionwand/release", "ionwand/treatments")


def files() -> dict[str, str]:
    """What the desk imports besides firmware/, by its path below MicroPython's."""
    found = {f"{package}/__init__.py": "" for package in _PACKAGES}
    for module in MODULES:
        name = f"ionwand/{module}.py"
        found[name] = (source.ROOT / "tools" / name).read_text(encoding="utf-8")
    return {**found, **_STAND_INS}


def everything(arches: Iterable[str] = ("armv6m",)) -> dict[str, Any]:
    """All of it. `arches`: of the wands that can be updated; a real one is armv6m."""
    read = {
        "boot": source.ROOT / "boot.py",
        "manifest": source.ROOT / "hal" / "manifest.py",
        "template": report.TEMPLATE,
        "catalogue": catalogue.DEFAULT,
    }
    return {
        "files": files(),
        "builds": dict(_build(arch) for arch in arches),
        "usb": [orders.USB_VENDOR, orders.USB_PRODUCT],
        **{name: path.read_text(encoding="utf-8") for name, path in read.items()},
    }


def _build(arch: str) -> tuple[str, dict[str, Any]]:
    """(what sys.implementation._mpy says of a wand that loads it, the build)."""
    made = builder.pack(builder.make(arch=arch))
    major, minor = builder.FORMAT.split(".")
    mpy = int(major) | int(minor) << 8 | builder.ARCHES[arch] << 10
    listed = {
        name: [base64.b64encode(data).decode(), hashlib.sha256(data).hexdigest()]
        for name, data in made.everything().items()
    }
    # The order is what puts the manifest last; JSON objects promise none.
    about = {"version": made.version, "id": made.id, "files": listed, "order": list(listed)}
    return str(mpy), about
