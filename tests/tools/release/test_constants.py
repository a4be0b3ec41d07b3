"""Numbers of other modules are written in by the build, and nothing else is changed by that."""

import ast
import re

import pytest

from firmware import session
from ionwand.device import source
from ionwand.release import build as builder
from ionwand.release import constants

SENT = (  # to a wand as built, by us
    "tests/device/on_wand.py",
    "tools/ionwand/emulation/guest/baseline.py",
)
ALL = {
    constants.module(name): (source.ROOT / name).read_text()
    for name in builder.sources(source.ROOT, "armv6m")
}


def written(**modules):
    """{module: what is compiled}."""
    found = constants.values(modules)
    return {
        name: constants.inlined(text, found, name, strip=True) for name, text in modules.items()
    }


def test_a_number_takes_the_place_of_its_name_and_no_line_moves():
    out = written(
        a="from micropython import const\nFIVE = const(5)\nMINUS = -FIVE * 2\n\nx = [FIVE]\n",
        b="import a as z\nfrom a import (\n    FIVE,\n    MINUS as M,\n    x,\n)\n"
        "y = M - FIVE, z.q\n",
    )
    assert out["a"] == "pass\npass\npass\n\nx = [5]\n"
    assert out["b"] == "import a as z\nfrom a import x\n\n\n\n\ny = (-10) - 5, z.q\n"


def test_of_a_module_too():
    out = written(
        **{
            "p.a": "ON = 1\nname = 2\n",
            "p.b": "from p import a as s\nx = s.ON, s.name\n",
            "p.c": "def f():\n    from p import a\n    return a.ON\n",
        }
    )
    assert out["p.b"] == "from p import a as s\nx = 1, s.name\n"
    assert out["p.c"] == "def f():\n    pass\n    return 1\n"


@pytest.mark.parametrize(
    "user",
    [
        "from a import ON\ndef f(ON):\n    return ON\n",
        "from a import ON\ndef f():\n    ON = 2\n    return ON\n",
        "from a import ON\ndef f():\n    global ON\n    ON = 3\n",
        "from a import ON\nx = [ON for ON in ()]\n",
    ],
)
def test_a_name_that_means_something_else_somewhere_stays_a_name(user):
    out = written(a="ON = 1\n", b=user, c="from a import ON\nx = ON\n")
    assert out == {"a": "ON = 1\n", "b": user, "c": "from a import ON\nx = ON\n"}


def test_a_method_of_a_modules_name_is_not_that_module():
    out = written(**{"p.a": "ON = 1\n", "p.b": "from p import a\nclass B:\n    def a(self):\n"
                     "        return a.ON\n"})  # fmt: skip
    assert "return 1\n" in out["p.b"] and "import" not in out["p.b"]


@pytest.mark.parametrize("value", ["1.5", "True", "'a'", "(1, 2)", "f(1)", "other + 1", "len([])"])
def test_what_is_no_number_stays(value):
    text = f"ON = {value}\n"
    assert written(a=text, b="from a import ON\nx = ON\n") == {
        "a": text, "b": "from a import ON\nx = ON\n",
    }  # fmt: skip


def test_every_module_of_the_wand_is_the_same_program():
    """Names back for numbers: the same tree, but for imports and definitions that went."""
    found = constants.values(ALL)
    for module, text in ALL.items():
        out = constants.inlined(text, found, module)
        known = constants._known(ast.parse(text), found)
        assert _plain(out, {}) == _plain(text, known), module
        assert out.count("\n") == text.count("\n")


def _plain(text, known):
    tree = constants._Written(known).visit(ast.parse(text))
    tree.body = [node for node in tree.body if not isinstance(node, ast.ImportFrom | ast.Pass)]
    text = re.sub(r"\((-\d+)\)", r"\1", ast.unparse(tree))
    return re.sub(r"^ +(from .* import .*|pass)\n", "", text, flags=re.M)


def test_the_chip_gets_no_second_guard_no_limits_and_the_table_of_the_session_as_it_is():
    files = builder._written(source.ROOT, "armv6m")
    asks = re.compile(r"^ *(from|import) .*firmware(\.| import .*)(guard|limits)", re.M)
    importers = [name for name, text in files.items() if asks.search(text)]
    assert importers == []
    scope = {}
    texts, found = builder._numbers(source.ROOT, "armv6m")
    exec(constants.inlined(texts["firmware/session.py"], found, "firmware.session", True), scope)
    assert (scope["_FOLLOWING"], scope["_ACTIONS"]) == (session._FOLLOWING, session._ACTIONS)
    assert "TABLE" not in scope and "compile_table" not in scope


def test_a_table_that_is_wrong_is_no_build():
    text = ALL["firmware.session"].replace("(SELFTEST, PASSED", "(READY, SHORT", 1)
    with pytest.raises(ValueError, match="session table row"):
        constants.calculated(text, "firmware.session")


@pytest.mark.parametrize("path", SENT)
def test_what_we_send_to_a_wand_asks_for_names_that_are_there(path):
    files = builder._written(source.ROOT, "armv6m")
    there = {}
    for name, text in files.items():
        tree = ast.parse(text)
        there[constants.module(name)] = set(constants._bound(tree))
    text = (source.ROOT / path).read_text()
    asked = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module in there:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                if inner in there:
                    names = re.findall(rf"\b{alias.asname or alias.name}\.([a-zA-Z]\w+)", text)
                    asked += [(inner, name) for name in names]
                else:
                    asked.append((node.module, alias.name))
    assert asked and [pair for pair in asked if pair[1] not in there[pair[0]]] == []
