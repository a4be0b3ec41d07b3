"""The virtual wand's page, put together: one HTML file that works from disk, with no net at all.

The wand's own sources go in as they are, but for two decorators that WebAssembly doesn't know;
MicroPython and the charts come from npm, in the versions of page/package-lock.json.
"""

import base64
import fcntl
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from ionwand import simulation, virtual
from ionwand.device import light, source
from ionwand.errors import BadInput, RunFailed
from ionwand.treatments import texts
from ionwand.virtual import carried, viper

PAGE = Path(__file__).with_name("page")
MODULES = PAGE / "node_modules"
MICROPYTHON = MODULES / "@micropython" / "micropython-webassembly-pyscript"
UPLOT = MODULES / "uplot" / "dist"
NUNJUCKS = MODULES / "nunjucks" / "browser" / "nunjucks.min.js"  # the report's template is Jinja's
TOML = MODULES / "smol-toml" / "dist" / "index.cjs"
OUTPUT = source.ROOT / "dist" / "virtual-wand.html"

# MicroPython for the browser compiles no machine code: there these lines are a SyntaxError.
_NATIVE = re.compile(r"^[ \t]*@micropython\.(?:native|viper)[ \t]*$", re.MULTILINE)
_SCRIPTS = (  # each uses those before it
    "texts", "files", "words", "wand", "scene", "charts", "sound", "readout", "circuit", "records",
    "another", "hands", "tour", "app", "console", "desk", "papers", "shelf", "boxplot", "cable",
)  # fmt: skip
_STYLES = ("style.css", "cable.css")


def fetch() -> None:
    """Let npm install what package-lock.json pins, where that hasn't been done."""
    lock = PAGE / "package-lock.json"
    stamp = MODULES / ".ionwand"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    with open(lock, "rb") as one_at_a_time:  # tests run in several processes
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if not (stamp.is_file() and stamp.read_text() == wanted):
            _install()
            stamp.write_text(wanted)


def _install() -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise BadInput(
            "npm is missing: it fetches MicroPython for the browser (Debian: apt-get install npm)"
        )
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=PAGE,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise RunFailed(f"npm ci in {PAGE} failed: {said[-1] if said else 'no reason given'}")


def sources() -> dict[str, str]:
    """Everything that MicroPython runs in the page, by its path there."""
    files: dict[str, str] = {}
    for folder in ("firmware", "hal"):
        for path in sorted((source.ROOT / folder).rglob("*.py")):
            name = path.relative_to(source.ROOT).as_posix()
            if not name.startswith("hal/rp2/"):
                files[f"/wand/{name}"] = path.read_text(encoding="utf-8")
    for guest in (simulation.GUEST, virtual.GUEST):
        for path in sorted(guest.glob("*.py")):
            files[f"/wand/{path.name}"] = path.read_text(encoding="utf-8")
    return {name: _NATIVE.sub("", text) for name, text in files.items()}


def texts_by_language() -> dict[str, dict[str, str]]:
    """The page's words, with the report's."""
    return {
        language: {**texts.table(language), **texts.table(language, virtual.TEXTS)}
        for language in texts.LANGUAGES
        if language != "en"
    }


def build(arches: Iterable[str] = ("armv6m",)) -> str:
    """The page's whole text. `arches`: of the wands that it can update."""
    fetch()
    files = sources()
    version = json.loads((MICROPYTHON / "package.json").read_text(encoding="utf-8"))["version"]
    digest = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:12]
    guard = base64.b64encode(viper.guard()).decode()
    note = f"MicroPython {version}, sources {digest}"
    own = [_text(PAGE / f"{name}.js") for name in _SCRIPTS]
    theirs = [_text(UPLOT / "uPlot.iife.min.js"), _text(NUNJUCKS), _module("SmolToml", TOML)]
    words = {name: meaning for name, (meaning, _helps) in light.FAULTS.items()}
    sources_json = _json({"files": files, "guard": guard, "note": note, "words": words})
    parts = [
        _data("wand-sources", sources_json, "application/json"),
        _data("wand-texts", _json(texts_by_language()), "application/json"),
        _data("wand-carried", _json(carried.everything(arches)), "application/json"),
        _data("wand-worker", _text(PAGE / "nlr.js") + _text(PAGE / "worker.js"), "text/plain"),
        _data("wand-mjs", _base64(MICROPYTHON / "micropython.mjs"), "text/plain"),
        _data("wand-wasm", _base64(MICROPYTHON / "micropython.wasm"), "text/plain"),
        *[f"<script>\n{_inline(script)}</script>" for script in [*theirs, *own]],
    ]
    styles = UPLOT / "uPlot.min.css", *(PAGE / name for name in _STYLES)
    style = "".join(_text(one) for one in styles)
    page = _text(PAGE / "index.html").replace("<!--CABLE-->", _text(PAGE / "cable.html"))
    return page.replace("/*STYLE*/", style).replace("<!--PARTS-->", "\n".join(parts))


def write(output: Path = OUTPUT, arches: Iterable[str] = ("armv6m",)) -> Path:
    """Build it into `output`."""
    text = build(arches)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{output}: cannot be written: {error.strerror}") from None
    return output


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _module(name: str, path: Path) -> str:
    """A CommonJS module as one name of the page."""
    return f"const {name} = ((exports) => {{\n{_text(path)}\nreturn exports;\n}})({{}});\n"


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def _json(value: object) -> str:
    return json.dumps(value).replace("<", "\\u003c")


def _inline(text: str) -> str:
    """Text that may stand in a <script>: nothing in it may end that element."""
    return text.replace("</script", "<\\/script")


def _data(name: str, text: str, kind: str) -> str:
    return f'<script type="{kind}" id="{name}">{_inline(text)}</script>'
