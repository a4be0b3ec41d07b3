"""The build: equal bytes from equal sources, a manifest that is right, refusals that say why."""

import hashlib
import json
import shutil
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner

from hal import manifest
from ionwand.errors import BadInput, RunFailed
from ionwand.release import build as builder

NAMES = ("boot.py", "main.py", "pyproject.toml", "firmware", "hal")


@pytest.fixture(scope="module")
def build(root):
    return builder.make(root)


@pytest.fixture
def clone(tmp_path, root):
    for name in NAMES:
        if (root / name).is_dir():
            shutil.copytree(root / name, tmp_path / "clone" / name)
        else:
            (tmp_path / "clone").mkdir(exist_ok=True)
            shutil.copyfile(root / name, tmp_path / "clone" / name)
    return tmp_path / "clone"


def test_two_builds_in_two_folders_are_equal_byte_for_byte(build, clone, tmp_path):
    builder.write(build, tmp_path / "one")
    builder.write(builder.make(clone), tmp_path / "two")
    assert _content(tmp_path / "one") == _content(tmp_path / "two")


def test_one_changed_character_changes_the_build_id(build, clone):
    text = (clone / "firmware/limits.py").read_text()
    (clone / "firmware/limits.py").write_text(text.replace("500_000", "500_001"))
    assert builder.make(clone).id != build.id


@pytest.mark.req("S-15")
def test_the_manifest_lists_every_file_as_it_is(build, tmp_path, monkeypatch):
    builder.write(build, tmp_path / "wand")
    listed = json.loads((tmp_path / "wand/manifest.json").read_text())
    content = _content(tmp_path / "wand")
    del content["manifest.json"], content["package.json"]
    assert listed["files"] == {
        name: [hashlib.sha256(data).hexdigest(), len(data), zlib.crc32(data)]
        for name, data in content.items()
    }
    assert (listed["mpy"], listed["arch"]) == ("6.3", "armv6m")
    monkeypatch.chdir(tmp_path / "wand")
    assert manifest.check("") is None
    (tmp_path / "wand/hal/__init__.mpy").write_bytes(b"M")
    assert manifest.check("") == "hal/__init__.mpy: is not as built, flash the wand anew"


def test_a_frozen_wand_has_no_files_to_compare(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert manifest.check("").startswith("manifest.json: missing")
    monkeypatch.setattr(manifest, "__file__", "hal/manifest.py")
    assert manifest.check("") is None


@pytest.mark.req("P-08")
def test_the_wand_gets_its_board_and_no_simulator_in_96_kb(build):
    assert "hal/rp2/board.mpy" in build.files
    assert not [name for name in build.files if "sim" in name or name.startswith("tools")]
    assert build.mpy_bytes <= builder.MPY_MAX_BYTES
    assert "bytes [P-08]" in builder.size_line(build)


def test_native_code_is_for_the_chip_and_only_where_there_is_any(build):
    arches = {name: data[2] >> 2 for name, data in build.files.items() if name.endswith(".mpy")}
    assert arches["firmware/guard.mpy"] == builder.ARCHES["armv6m"]
    assert arches["firmware/session.mpy"] == 0


def test_too_big_says_by_how_much(build, monkeypatch):
    monkeypatch.setattr(builder, "MPY_MAX_BYTES", build.mpy_bytes - 10)
    with pytest.raises(RunFailed, match="10 too many; --strip"):
        builder.size_line(build)


def test_line_numbers_are_kept_of_what_fails_at_a_start(build, root):
    terse = builder.make(root, strip=True)
    differ = [name for name, data in build.files.items() if data != terse.files[name]]
    assert differ == ["hal/rp2/board.mpy"] and terse.mpy_bytes < build.mpy_bytes


@pytest.mark.parametrize("version", ["1.26.0", "1.27.0", "v1.28.0", "1.29.0-preview"])
def test_a_micropython_that_fits(version):
    builder.must_fit(version)


@pytest.mark.parametrize("version", ["1.25.0", "1.23.0", "1.20", "1.30.0", "2.0", "x", "", "1"])
def test_a_micropython_that_does_not_fit_is_refused(version):
    with pytest.raises(BadInput, match="MicroPython"):
        builder.must_fit(version)


def test_a_wand_that_cannot_load_it_is_refused():
    assert builder.must_load(4 << 10 | 3 << 8 | 6) == "armv6m"
    assert builder.must_load(2 << 10 | 3 << 8 | 6) == "x64"
    for mpy in (4 << 10 | 2 << 8 | 6, 4 << 10 | 3 << 8 | 5, 7 << 10 | 3 << 8 | 6, 0):
        with pytest.raises(BadInput, match="1.26, 1.27"):
            builder.must_load(mpy)


def test_the_command_writes_the_folder_for_mip_too(tmp_path):
    out = tmp_path / "wand"
    done = CliRunner().invoke(builder.command, ["--out", str(out)], standalone_mode=False)
    assert done.exit_code == 0 and ".mpy total" in done.output
    package = json.loads((out / "package.json").read_text())
    assert sorted(source for _, source in package["urls"]) == sorted(
        name for name in _content(out) if name != "package.json"
    )


def test_a_folder_that_is_no_build_is_not_overwritten(build, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(BadInput, match="not overwritten"):
        builder.write(build, tmp_path)


def test_a_source_that_does_not_compile_is_named(clone):
    (clone / "firmware/dose.py").write_text("def\n")
    with pytest.raises(RunFailed, match="firmware/dose.py"):
        builder.make(clone)


def _content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.req("P-07", "S-15")
def test_a_slot_of_the_chip_has_its_modules_in_one_file_and_the_rest_beside_it(build):
    packed = builder.pack(build)
    head, _, modules = packed.files[builder.PACK].partition(b"\n")
    places = json.loads(head)
    beside = [name for name in packed.files if name.endswith(".mpy")]
    assert {Path(name).stem for name in beside} == {*builder.LATER, builder.TWICE}
    inside = {path[1:]: place for path, place in places.items() if place is not None}
    assert set(inside) | set(beside) == {name for name in build.files if name.endswith(".mpy")}
    for name, place in inside.items():
        assert modules[place:].startswith(build.files[name]), name
    folders = {path for path, place in places.items() if place is None}
    assert folders == {"/firmware", "/hal", "/hal/drivers", "/hal/rp2"}
    assert packed.mpy_bytes <= builder.MPY_MAX_BYTES and packed.id != build.id
    listed = json.loads(packed.manifest)["files"]
    assert listed[builder.PACK][2] == zlib.crc32(packed.files[builder.PACK])


def test_the_unix_port_imports_from_files(root):
    assert builder.pack(made := builder.make(root, arch="x64")) is made
