"""`ionwand flash`: another firmware onto the wand; a pulled cable leaves the old or the new one.

Two slots, /a and /b, hold one firmware each. The new one goes into the slot that is not in use,
is checked there, and one rename of the file `slot` puts it into use. Nothing that the firmware
in use needs is written before; the loader, in front of both, is replaced by renames too and
works with both.
"""

from collections.abc import Callable
from pathlib import Path

import click

from ionwand import registry
from ionwand.device import link as cable
from ionwand.device import source
from ionwand.errors import BadInput, RunFailed
from ionwand.instruments import options
from ionwand.release import build as builder

# What the wand itself does; hal/manifest.py goes before it, whatever firmware is there.
_HELPERS = """
def _walk(folder):
    try:
        entries = list(os.ilistdir(folder))
    except OSError:
        return
    for entry in entries:
        path = folder + "/" + entry[0]
        if entry[1] & 0x4000:
            yield from _walk(path)
        else:
            yield path

def _have(folder):
    return [(path[len(folder) + 1:], digest(path)) for path in _walk(folder)]

def _folders(path):
    for i in range(len(path)):
        if path[i] == "/":
            try:
                os.mkdir(path[:i])
            except OSError:
                pass

def _remove(path):
    try:
        os.remove(path)
    except OSError:
        pass

def _copy(source, path):
    buffer = bytearray(1024)
    view = memoryview(buffer)
    with open(source, "rb") as old:
        with open(path, "wb") as new:
            while True:
                size = old.readinto(buffer)
                if not size:
                    return
                new.write(view[:size])

def _replace(source, path):
    _copy(source, path + ".new")
    if digest(path + ".new") != digest(source):
        raise OSError(path + ".new: does not read as written")
    os.rename(path + ".new", path)

def _load_loader(slot):
    files = listed(slot)
    for name in LOADER:
        if digest(name) != files[name][0]:
            _replace(slot + "/" + name, name)

def _use(slot):
    with open("slot.new", "w") as file:
        file.write(slot)
    with open("slot.new") as file:
        if file.read() != slot:
            raise OSError("slot.new: does not read as written")
    os.rename("slot.new", "slot")

def _about(slot):
    path = slot + "/" + NAME
    try:
        with open(path) as file:  # piece by piece: a wand in use has no 5 KB left in one
            version = json.load(file)["version"]
    except (OSError, ValueError, KeyError):
        return None
    return (version, digest(path)[:8])
"""
Say = Callable[[str], None]


def prepare(link: cable.Link, root: Path = source.ROOT) -> None:
    """The functions above, on the wand."""
    link.run((root / "hal" / "manifest.py").read_text(encoding="utf-8") + _HELPERS)


def state(link: cable.Link) -> tuple[str | None, dict[str, tuple[str, str] | None]]:
    """The slot in use, and version and build id of each."""
    used, a, b = link.ask('(in_use(), _about("a"), _about("b"))')
    return used, {"a": a, "b": b}


def update(link: cable.Link, build: builder.Build, say: Say) -> bool:
    """Put `build` into use, False where it already is. The wand is not restarted."""
    used, versions = state(link)
    if used and versions[used] == (build.version, build.id) and not link.ask(f"check({used!r})"):
        say(f"{build.name} is in use already, in slot {used}")
        return False
    slot = "b" if used == "a" else "a"
    source = used if used and not link.ask(f"check_slot({used!r})") else None
    if source:
        # A cut update may have left the other slot's loader, whose copy goes now.
        link.run(f"_load_loader({source!r})")
    link.run(f"_remove({slot + '/' + builder.MANIFEST!r})")  # no whole firmware from here on
    sent = _fill(link, build, source, slot)
    bad = link.ask(f"check_slot({slot!r})")
    if bad:
        raise RunFailed(f"{bad} ({link.where}); the firmware in use has not been touched")
    switch(link, slot)
    old = versions[used] if used else None
    before = f"{old[0]} ({old[1]})" if old else "nothing"
    say(f"{before} -> {build.name} in slot {slot}, {len(sent)} files sent: {sum(sent):,} bytes")
    return True


def _fill(link: cable.Link, build: builder.Build, source: str | None, slot: str) -> list[int]:
    """Files that are there stay, those of a whole `source` are copied, the rest is sent."""
    have = dict(link.ask(f"_have({slot!r})"))
    listed = link.ask(f"listed({source!r})") if source else {}
    other = {name: entry[0] for name, entry in listed.items()}
    wanted = builder.digests(build)
    for name in sorted(set(have) - set(wanted)):
        link.run(f"_remove({slot + '/' + name!r})")
    sent = []
    for name, data in build.everything().items():
        path = f"{slot}/{name}"
        if have.get(name) == wanted[name]:
            continue
        link.run(f"_folders({path!r})")
        if other.get(name) == wanted[name]:
            link.run(f"_copy('{source}/{name}', {path!r})")
        else:
            link.put(path, data)
            sent.append(len(data))
    return sent


def switch(link: cable.Link, slot: str) -> None:
    """The loader first, as it works with both; then the one rename."""
    link.run(f"_load_loader({slot!r})")
    link.run(f"_use({slot!r})")


def rollback(link: cable.Link, say: Say) -> None:
    """The other slot's firmware again, if it is whole."""
    used, versions = state(link)
    slot = "b" if used == "a" else "a"
    about = versions[slot]
    if used is None or about is None:
        raise BadInput(f"{link.where}: slot {slot} holds no whole firmware to go back to")
    bad = link.ask(f"check_slot({slot!r})")
    if bad:
        raise BadInput(f"{link.where}: no way back: {bad}")
    switch(link, slot)
    say(f"back to {about[0]} ({about[1]}) in slot {slot}")


def show(link: cable.Link, say: Say) -> None:
    """What is where, and whether it is whole."""
    used, versions = state(link)
    for slot, about in versions.items():
        name = f"{about[0]} ({about[1]})" if about else "empty"
        mark = " in use" if slot == used else ""
        bad = link.ask(f"check{'' if mark else '_slot'}({slot!r})") if about else None
        say(f"slot {slot}: {name}{mark}{', ' + bad if bad else ''}")


def _version(link: cable.Link) -> str:
    """Of the firmware in use, "" where there is none."""
    used, versions = state(link)
    about = versions[used] if used else None
    return about[0] if about else ""


@click.command("flash")
@options.wand_port(required=True, help="/dev/ttyACM0, COM3, a PTY, or `simulated`.")
@click.option("--rollback", "back", is_flag=True, help="Use the other slot's firmware again.")
@click.option("--show", "only_show", is_flag=True, help="Only tell what the wand holds.")
@click.option("--strip", is_flag=True, help="As `ionwand build --strip`.")
@registry.db_option
def command(port: str, back: bool, only_show: bool, strip: bool, db: str | None) -> int:
    """Build the firmware and put it onto a wand; records and calibration stay."""
    with cable.connect(port) as link:
        builder.must_fit(link.ask("'%d.%d' % sys.implementation.version[:2]"))
        arch = builder.must_load(int(link.ask("getattr(sys.implementation, '_mpy', 0)")))
        prepare(link)
        if only_show:
            show(link, click.echo)
        elif back:
            rollback(link, click.echo)
        else:
            build = builder.make(arch=arch, strip=strip)
            click.echo(builder.size_line(build))
            update(link, build, click.echo)
        board_id, version = link.board_id(), _version(link)
        link.restart()
    if board_id:
        registry.note(db, lambda fleet: fleet.saw(board_id, version))
    return 0
