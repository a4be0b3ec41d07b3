"""The registry: every wand that a bench has met, and what was found out about it.

    with registry.open(registry.default_url()) as fleet:
        fleet.saw("e660583883724a2f", firmware="0.1.0")
        fleet.keep_calibration(result)

For bench/, treatments/ and release/; uses calibration/ (results and certificates) and device/.
"""

from typing import TYPE_CHECKING, Any

from ionwand.registry.option import db_option, default_url, note, resolve

if TYPE_CHECKING:
    from ionwand.registry.store import Registry, open

__all__ = ["Registry", "db_option", "default_url", "note", "open", "resolve"]


def __getattr__(name: str) -> Any:
    """`open` and `Registry` bring SQLAlchemy along, a second that other commands do without."""
    if name in ("Registry", "open"):
        from ionwand.registry import store

        return getattr(store, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
