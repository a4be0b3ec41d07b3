"""Update, rollback and what is where, as orders to a wand: for `ionwand flash` and for the page.

docs/flashing.md says why a cut at any step leaves the old firmware or the new one. Runs in the
page's MicroPython too: virtual/carried.py.
"""

from collections.abc import Generator
from typing import Any, TypeAlias

from ionwand.errors import BadInput, RunFailed

Orders: TypeAlias = "Generator[tuple[Any, ...], Any, Any]"  # MicroPython has no tuple[...]
MANIFEST = "manifest.json"
MPY = "getattr(sys.implementation, '_mpy', 0)"  # format and architecture that the wand loads

# What the wand itself does; hal/manifest.py goes before it, whatever firmware is there.
HELPERS = """
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


def state() -> Orders:
    """The slot in use, and version and build id of each."""
    used, *abouts = yield "ask", '(in_use(), _about("a"), _about("b"), _about("mip"))'
    return used, dict(zip(("a", "b", "mip"), abouts))


def update(build: Any, where: str) -> Orders:
    """Put `build` into use, False where it already is. The wand is not restarted.

    `build`: version, id, name, everything() and digests() as release/build.py's have them.
    """
    used, versions = yield from state()
    if used and tuple(versions[used] or ()) == (build.version, build.id):
        if not (yield "ask", f"check({used!r})"):
            yield "say", f"{build.name} is in use already, in slot {used}"
            return False
    slot = "b" if used == "a" else "a"
    source = None
    if used and not (yield "ask", f"check_slot({used!r})"):
        source = used
        # A cut update may have left the other slot's loader, whose copy goes now.
        yield "run", f"_load_loader({source!r})"
    yield "run", f"_remove({slot + '/' + MANIFEST!r})"  # no whole firmware from here on
    sent = yield from _fill(build, source, slot)
    bad = yield "ask", f"check_slot({slot!r})"
    if bad:
        raise RunFailed(f"{bad} ({where}); the firmware in use has not been touched")
    yield from switch(slot)
    old = versions[used] if used else None
    before = f"{old[0]} ({old[1]})" if old else "nothing"
    size = f"{sum(sent):,} bytes"
    yield "say", f"{before} -> {build.name} in slot {slot}, {len(sent)} files sent: {size}"
    return True


def _fill(build: Any, source: str | None, slot: str) -> Orders:
    """Files that are there stay, those of a whole `source` are copied, the rest is sent."""
    have = dict((yield "ask", f"_have({slot!r})"))
    listed = (yield "ask", f"listed({source!r})") if source else {}
    other = {name: entry[0] for name, entry in listed.items()}
    wanted = build.digests()
    for name in sorted(set(have) - set(wanted)):
        yield "run", f"_remove({slot + '/' + name!r})"
    every = build.everything()
    known = (have, other)
    new = [name for name in every if wanted[name] not in [one.get(name) for one in known]]
    yield "plan", sum([len(every[name]) for name in new])
    sent = []
    for name, data in every.items():
        path = f"{slot}/{name}"
        if have.get(name) == wanted[name]:
            continue
        yield "run", f"_folders({path!r})"
        if other.get(name) == wanted[name]:
            yield "run", f"_copy('{source}/{name}', {path!r})"
        else:
            yield "put", path, data
            sent.append(len(data))
    return sent


def switch(slot: str) -> Orders:
    """The loader first, as it works with both; then the one rename."""
    yield "run", f"_load_loader({slot!r})"
    yield "run", f"_use({slot!r})"


def rollback(where: str) -> Orders:
    """The other slot's firmware again, if it is whole."""
    used, versions = yield from state()
    slot = "b" if used == "a" else "a"
    about = versions[slot]
    if used is None or about is None:
        raise BadInput(f"{where}: slot {slot} holds no whole firmware to go back to")
    bad = yield "ask", f"check_slot({slot!r})"
    if bad:
        raise BadInput(f"{where}: no way back: {bad}")
    yield from switch(slot)
    yield "say", f"back to {about[0]} ({about[1]}) in slot {slot}"


def show() -> Orders:
    """What is where, and whether it is whole."""
    used, versions = yield from state()
    for slot, about in sorted(versions.items()):
        if slot == "mip" and about is None:
            continue  # few have come that way
        name = f"{about[0]} ({about[1]})" if about else "empty"
        mark = " in use" if slot == used else ""
        bad = (yield "ask", f"check{'' if mark else '_slot'}({slot!r})") if about else None
        yield "say", f"slot {slot}: {name}{mark}{', ' + bad if bad else ''}"
