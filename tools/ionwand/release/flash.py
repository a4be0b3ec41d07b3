"""`ionwand flash`: another firmware onto the wand; a pulled cable leaves the old or the new one.

Two slots, /a and /b, hold one firmware each. The new one goes into the slot that is not in use,
is checked there, and one rename of the file `slot` puts it into use. Nothing that the firmware
in use needs is written before; the loader, in front of both, is replaced by renames too and
works with both. The steps are in slots.py.
"""

from collections.abc import Callable
from pathlib import Path

import click

from ionwand import registry
from ionwand.device import link as cable
from ionwand.device import source
from ionwand.instruments import options
from ionwand.release import build as builder
from ionwand.release import slots

Say = Callable[[str], None]


def prepare(link: cable.Link, root: Path = source.ROOT) -> None:
    """What slots.py has the wand do, on the wand."""
    link.run((root / "hal" / "manifest.py").read_text(encoding="utf-8") + slots.HELPERS)


def update(link: cable.Link, build: builder.Build, say: Say) -> bool:
    """Put `build` into use, False where it already is. The wand is not restarted."""
    return bool(link.follow(slots.update(build, link.where), say))


def rollback(link: cable.Link, say: Say) -> None:
    """The other slot's firmware again, if it is whole."""
    link.follow(slots.rollback(link.where), say)


def show(link: cable.Link, say: Say) -> None:
    """What is where, and whether it is whole."""
    link.follow(slots.show(), say)


def _version(link: cable.Link) -> str:
    """Of the firmware in use, "" where there is none."""
    used, versions = link.follow(slots.state())
    about = versions[used] if used else None
    return about[0] if about else ""


@click.command("flash")
@options.port
@click.option("--rollback", "back", is_flag=True, help="Use the other slot's firmware again.")
@click.option("--show", "only_show", is_flag=True, help="Only tell what the wand holds.")
@click.option("--strip", is_flag=True, help="As `ionwand build --strip`.")
@registry.db_option
def command(port: str, back: bool, only_show: bool, strip: bool, db: str | None) -> int:
    """Build the firmware and put it onto a wand; records and calibration stay."""
    with cable.connect(cable.find(port)) as link:
        builder.must_fit(link.ask("'%d.%d' % sys.implementation.version[:2]"))
        arch = builder.must_load(int(link.ask(slots.MPY)))
        prepare(link)
        if only_show:
            show(link, click.echo)
        elif back:
            rollback(link, click.echo)
        else:
            build = builder.pack(builder.make(arch=arch, strip=strip))
            click.echo(builder.size_line(build))
            update(link, build, click.echo)
        board_id, version = link.board_id(), _version(link)
        link.restart()
    if board_id:
        registry.note(db, lambda fleet: fleet.saw(board_id, version))
    return 0
