"""The guard's judgement into the loop that runs on core 1: `python -m ionwand.release.inline`.

One source for the PC, the page, the proofs and the chip: firmware/guard.py. On the chip the pass
must not be called, so its body is written into hal/rp2/guardloop.py, between marks; a test fails
where the two differ.
"""

import ast
import re

from ionwand.device import source

GUARD = source.ROOT / "firmware" / "guard.py"
LOOP = source.ROOT / "hal" / "rp2" / "guardloop.py"
_BEGIN = "# --- from firmware/guard.py ---\n"
_END = "# --- end ---\n"
_NUMBER = re.compile(r"^[A-Z_0-9]+ = const\(.*\n", re.MULTILINE)
_COMMENT = re.compile(r"^ *#.*\n| +#.*$", re.MULTILINE)
_PUBLIC = re.compile(r"\b(?=(?:RQ|SN)_)")  # names for others cost the wand memory


def numbers(guard: str) -> str:
    """The constants that the pass is made with."""
    return "".join(_NUMBER.findall(guard))


def body(guard: str) -> str:
    """The statements of the pass up to its answer, `feed`."""
    for node in ast.parse(guard).body:
        if isinstance(node, ast.FunctionDef) and node.name == "guard_pass":
            last = node.body[-1]
            if ast.unparse(last) != "return feed" or guard.count("    return") != 1:
                raise ValueError("guard_pass must have one answer, `return feed`, at its end")
            first = node.body[1]  # behind the docstring
            return "".join(guard.splitlines(keepends=True)[first.lineno - 1 : last.lineno - 1])
    raise ValueError("firmware/guard.py has no guard_pass")


def inlined(loop: str, guard: str) -> str:
    """The loop with the guard as it is now."""
    head, _, rest = loop.partition(_BEGIN)
    _, _, rest = rest.partition(_END)
    middle, _, rest = rest.partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    margin = re.search(r"( *)$", middle).group(1)  # type: ignore[union-attr]
    lines = _bare(body(guard)).splitlines(keepends=True)
    deeper = "".join(margin + line[4:] for line in lines if line.strip())
    return (head + _BEGIN + _bare(numbers(guard)) + _END + middle + _BEGIN + deeper
            + margin + _END + tail)  # fmt: skip


def _bare(text: str) -> str:
    return _PUBLIC.sub("_", _COMMENT.sub("", text))


def main() -> None:
    LOOP.write_text(inlined(LOOP.read_text(), GUARD.read_text()))


if __name__ == "__main__":
    main()
