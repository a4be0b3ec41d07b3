"""The registry: every wand that a bench has met, and what was found out about it.

    with registry.open(registry.default_url()) as fleet:
        fleet.saw("e660583883724a2f", firmware="0.1.0")
        fleet.keep_calibration(result)
"""

from ionwand.registry.address import default_url
from ionwand.registry.option import db_option, note, resolve
from ionwand.registry.store import Registry, open

__all__ = ["Registry", "db_option", "default_url", "note", "open", "resolve"]
