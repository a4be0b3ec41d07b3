"""The built page, and a Chromium that Node drives; skips where one is missing.

The stories are tests/tools/virtual/*.mjs; screenshots stay in out/ for somebody to look at.
"""

import json
import shutil
import subprocess

import pytest

from ionwand.device import source
from ionwand.errors import BadInput, RunFailed
from ionwand.virtual import bundle

OUT = source.ROOT / "out"


def chromium():
    """Path of the browser."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("Chromium is missing: the page is not tested (apt-get install chromium)")
    if shutil.which("node") is None:
        pytest.skip("Node is missing: the page is not tested (apt-get install nodejs npm)")
    return found


def built(folder, arches=("armv6m",)):
    """The page, written into `folder`; `arches`: of the firmware that it carries."""
    try:
        return bundle.write(folder / "virtual-wand.html", arches)
    except (BadInput, RunFailed) as error:
        pytest.skip(f"the page cannot be built, so it is not tested: {error}")


def told(driver, html, browser, *arguments):
    """What the story saw: `driver` is a .mjs, `arguments` are the story's name and its own."""
    OUT.mkdir(exist_ok=True)
    done = subprocess.run(
        ["node", str(driver), str(html), browser, str(OUT), *map(str, arguments)],
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip(), done.stderr
    seen = json.loads(done.stdout)
    assert "failed" not in seen, f"{seen}\n{done.stderr}"
    assert seen["complaints"] == []
    return seen
