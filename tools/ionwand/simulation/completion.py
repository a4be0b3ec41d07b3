"""What --product and --skin may be, for the shell's completion; README says how to have it."""

from typing import Any

from click.shell_completion import CompletionItem

from ionwand.device import source
from ionwand.simulation.script import SKINS


def products(_context: Any, _option: Any, begun: str) -> list[CompletionItem]:
    """Ids of the built-in catalogue, with their names."""
    source.products()
    from firmware.products import DEFAULT

    return [CompletionItem(one.id, help=one.name) for one in DEFAULT if one.id.startswith(begun)]


def skins(_context: Any, _option: Any, begun: str) -> list[CompletionItem]:
    """drawn: and resistor: go on with a number, which nobody can guess."""
    names = (*SKINS, "drawn:", "resistor:")
    return [CompletionItem(name) for name in names if name.startswith(begun)]
