"""A multimeter through PyVISA: known by its name, asked in its own words, trouble in a line."""

import sys
from typing import Any

from ionwand.errors import BadInput, RunFailed
from ionwand.instruments import profiles, reading

_READINGS = 2  # the second one shows whether the first had settled
_BAUDS = (115_200, 9600)  # of a serial one: the first that answers
_IDENTITY_MAX = 200
_TIMEOUT_MS = 10_000
_KNOCK_MS = 2000
# What the layers below say, and what to do about it.
_HELP = (
    (("permission", "access denied", "errno 13"), "this user may not use it: "
     "docs/bench.md has the udev rule for Linux"),
    (("backend", "pyusb", "libusb"), "no USB library: pip install pyusb libusb-package"),
    (("no device found", "not found", "invalid resource", "vi_error_rsrc_nfound"),
     "no such meter is there: `--meter list` shows which are"),
    (("could not locate a visa", "not be found in the path"), "no VISA library of that name: "
     "install NI-VISA or the like for @ivi, or leave --visa out"),
    (("busy", "errno 16", "in use"), "another program holds it: close that one"),
    (("timeout", "tmo"), "it does not answer: is it in remote mode, its command set SCPI?"),
)  # fmt: skip


class Visa:
    """A SCPI multimeter on its DC current range."""

    def __init__(self, resource: str, library: str) -> None:
        import pyvisa

        self._meter: Any = None
        try:
            self._manager = pyvisa.ResourceManager(library)
            self._meter = self._manager.open_resource(resource)
            self._meter.write_termination = "\n"
            self._meter.read_termination = None  # whatever ends a line is cut off here
            identity = self._identity(resource)
            self.profile = profiles.of(identity)
            self.name = identity[:_IDENTITY_MAX]
            for line in self.profile.setup:
                self._meter.write(line)
        except (pyvisa.errors.Error, OSError, ValueError, AttributeError) as error:
            self.close()
            raise BadInput(f"--meter {resource}: {_told(error)}")
        except Exception as error:  # a backend's own: each has some of its own kind
            self.close()
            raise BadInput(f"--meter {resource}: {_told(error)}")

    def _identity(self, resource: str) -> str:
        import pyvisa

        bauds = _BAUDS if resource.upper().startswith("ASRL") else (0,)
        for baud in bauds:
            if baud:
                self._meter.baud_rate = baud
                self._meter.timeout = _KNOCK_MS
            else:
                self._meter.timeout = _TIMEOUT_MS
            try:
                identity = self._ask("*IDN?")
            except pyvisa.errors.VisaIOError:
                if baud == bauds[-1]:
                    raise
                continue
            if identity:
                self._meter.timeout = _TIMEOUT_MS
                return identity
        raise ValueError("it answers *IDN? with nothing: is its command set SCPI?")

    def _ask(self, question: str) -> str:
        self._meter.write(question)
        return reading.clean(reading.decoded(self._meter.read_raw()))

    def read_na(self, expected_ua: int) -> float:
        import pyvisa

        found = []
        for _ in range(_READINGS):
            try:
                said = self._ask(self.profile.read)
            except (pyvisa.errors.Error, OSError) as error:
                raise RunFailed(f"{self.name}: {_told(error)}")
            try:
                found.append(reading.plausible_na(reading.amperes(said) * 1e9))
            except ValueError as error:
                raise RunFailed(f"{self.name}: {error}")
        first, last = found[0], found[-1]
        if not abs(last - first) <= 100 + abs(last) * 1e-3 + 2 * self.profile.resolution_na:
            raise RunFailed(
                f"the meter drifts: {first / 1e3:.3f} then {last / 1e3:.3f} µA at {expected_ua} "
                "µA; or it resolves too little"
            )
        return last

    def close(self) -> None:
        try:
            if self._meter is not None:
                self._meter.close()
            self._manager.close()
        except Exception:
            pass  # it was read; nothing depends on how it goes


def listed(library: str) -> list[str]:
    """The meters, and whatever else speaks VISA, that are there."""
    import pyvisa

    try:
        manager = pyvisa.ResourceManager(library)
        return list(manager.list_resources("?*"))
    except (pyvisa.errors.Error, OSError, ValueError) as error:
        raise BadInput(f"--visa {library}: {_told(error)}")


def _told(error: Exception) -> str:
    words = " ".join(str(error).split()) or type(error).__name__
    for marks, helps in _HELP:
        if any(mark in words.lower() for mark in marks):
            if "no such meter" in helps and sys.platform == "win32":
                helps += "; on Windows a USB one needs NI-VISA and --visa @ivi, or WinUSB (Zadig)"
            return f"{words[:120]}; {helps}"
    return words
