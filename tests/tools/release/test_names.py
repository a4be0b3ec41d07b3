"""Names that nobody else asks for are short on the chip, and the program is the same."""

import ast
import re

import pytest

from ionwand.device import source
from ionwand.release import build as builder
from ionwand.release import constants, names

GUESTS = "tools/ionwand/emulation/guest"
SENT = ("tests/device/on_wand.py", f"{GUESTS}/baseline.py", f"{GUESTS}/deep.py")


def written():
    """The wand's sources before and after."""
    texts, found = builder._numbers(source.ROOT, "armv6m")
    before = {
        name: constants.inlined(text, found, constants.module(name), strip=True)
        for name, text in texts.items()
    }
    return before, names.short(before)


def test_private_names_and_parameters_become_the_same_few():
    out = names.short({
        "a.py": "def _one(value, other=2):\n    return _one(value, other)\n",
        "b.py": "class B:\n    def __init__(self):\n        self._two = 1\n"
                "    def _three(self, name):\n        return self._two + name\n",
    })  # fmt: skip
    assert out == {
        "a.py": "def _0(a, b=2):\n    return _0(a, b)\n",
        "b.py": "class B:\n    def __init__(self):\n        self._1 = 1\n"
                "    def _0(self, a):\n        return self._1 + a\n",
    }  # fmt: skip


@pytest.mark.parametrize("texts", [
    ("_x = 1\n", "import a\ny = a._x\n"),
    ("def f(x, word):\n    return word\n", "from a import f\nf(1, word=2)\n"),
    ("_x = 1\ny = globals()['_x']\n", ""),
    ("_x = 1\ndef f():\n    global _x\n    _x = 2\n", ""),
    ("class A(list):\n    _x = 1\n", ""),
    ("__x__ = 1\n", ""),
    ("def f(word):\n    return [lambda: word for word in word]\n", ""),
    ("@viper\ndef f(word):\n    return word\n", ""),
])  # fmt: skip
def test_what_could_be_asked_for_from_elsewhere_stays(texts):
    before = dict(zip(("a.py", "b.py"), texts))
    assert names.short(before) == before


def test_a_letter_that_means_something_else_there_is_not_taken():
    text = "a = 1\ndef f(word, other):\n    c = word + a\n    return c, other\n"
    assert names.short({"a.py": text}) == {
        "a.py": "a = 1\ndef f(b, d):\n    c = b + a\n    return c, d\n"
    }


def test_the_wands_program_is_the_same():
    """The same tree, where another name stands for another name, one for one in each scope."""
    for name, (before, after) in pairs(*written()).items():
        one, two = ast.parse(before), ast.parse(after)
        scopes = [("", one, two)]
        for old, new in zip(ast.walk(one), ast.walk(two), strict=True):
            assert type(old) is type(new), name
            if isinstance(old, ast.FunctionDef):
                scopes.append((old.name, old, new))
        assert before.count("\n") == after.count("\n")
        private = renamed(one, two, lambda old: old.startswith("_"))
        assert len(set(private.values())) == len(private), name
        for function, old, new in scopes[1:]:
            meant = renamed(old, new, lambda old: True, ("id", "arg"))
            assert len(set(meant.values())) == len(meant), (name, function)


def pairs(before, after):
    return {name: (before[name], after[name]) for name in before}


def renamed(one, two, which, fields=("attr", "name", "id", "arg")):
    """{old name: new} of those `which`; fails where one old name has two new ones."""
    found = {}
    for old, new in zip(ast.walk(one), ast.walk(two), strict=True):
        for field in fields:
            was, now = getattr(old, field, None), getattr(new, field, None)
            if isinstance(was, str) and which(was):
                assert found.setdefault(was, now) == now
    return found


@pytest.mark.parametrize("path", SENT)
def test_what_we_send_to_a_wand_asks_for_no_name_that_is_gone(path):
    gone = set()
    for old, new in pairs(*written()).values():
        private = renamed(ast.parse(old), ast.parse(new), lambda old: old.startswith("_"))
        gone |= {was for was, now in private.items() if was != now}
    text = (source.ROOT / path).read_text()
    assert gone and not gone & set(re.findall(r"\.(_[a-z]\w*)", text))
    assert not any(node.keywords and _ours(node) for node in _calls(text))


def _calls(text):
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]


def _ours(call):
    """A call into what was sent before: of a method of app or board, or of guard."""
    return ast.unparse(call.func).split(".")[0] in ("app", "board", "guard", "gate")
