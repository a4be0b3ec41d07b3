"""A look at every operator's result in the firmware, and arrays that refuse what is too large.

The shipped sources are imported through this; integers.py runs what there is to run [R-08].
"""

import ast
import importlib.abc
import importlib.util
import sys
from array import array

import paths

sys.path.insert(0, str(paths.ROOT / "tests" / "firmware"))

LIMIT = 1 << 30
# What may be larger, by module or by text, with the reason why it may.
ALLOWED = {
    "firmware/records.py": "CRC-32 of a record: written and read with the output off",
    "self._due_ms + TICK_MS": "2**30 itself, once in 12 days when the clock wraps; masked at once",
}


class Instrument(ast.NodeTransformer):
    """Hands the value of every binary, unary and in-place operator to `_seen(site, value)`."""

    def __init__(self, name, sites):
        self.name = name
        self.sites = sites

    def _watched(self, node, value, text):
        site = len(self.sites)
        self.sites.append(("%s:%d" % (self.name, node.lineno), text))
        call = ast.Call(ast.Name("_seen", ast.Load()), [ast.Constant(site), value], [])
        return ast.copy_location(call, node)

    def visit_BinOp(self, node):
        text = ast.unparse(node)
        self.generic_visit(node)
        return self._watched(node, node, text)

    def visit_UnaryOp(self, node):
        text = ast.unparse(node)
        self.generic_visit(node)
        constant = isinstance(node.operand, ast.Constant)
        if isinstance(node.op, ast.Not) or constant:
            return node
        return self._watched(node, node, text)

    def visit_AugAssign(self, node):
        text = ast.unparse(node)
        source = self.visit(ast.parse(ast.unparse(node.target), mode="eval").body)
        self.generic_visit(node)
        value = ast.copy_location(ast.BinOp(source, node.op, node.value), node)
        return ast.copy_location(ast.Assign([node.target], self._watched(node, value, text)), node)


class Watch(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports firmware instrumented; `lowest` and `highest` of each site, None where unused."""

    def __init__(self):
        self.sites = []
        self.lowest = []
        self.highest = []
        self.used = set()

    def seen(self, site, value):
        if type(value) is int:
            if value > self.highest[site]:
                self.highest[site] = value
            if value < self.lowest[site]:
                self.lowest[site] = value
            self.used.add(site)
        return value

    def compiled(self, name, source):
        tree = Instrument(name, self.sites).visit(ast.parse(source, name))
        more = len(self.sites) - len(self.highest)
        self.highest += [0] * more
        self.lowest += [0] * more
        return compile(ast.fix_missing_locations(tree), name, "exec")

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] != "firmware":
            return None
        place = paths.ROOT / "firmware" / (name.partition(".")[2] or "__init__")
        place = place.with_suffix(".py")
        if not place.exists():
            return None
        return importlib.util.spec_from_file_location(
            name, place, loader=self,
            submodule_search_locations=[str(place.parent)] if name == "firmware" else None,
        )  # fmt: skip

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        name = str(module.__spec__.origin).replace(str(paths.ROOT) + "/", "")
        module.__dict__["_seen"] = self.seen
        with open(module.__spec__.origin, encoding="utf-8") as file:
            exec(self.compiled(name, file.read()), module.__dict__)

    def rows(self):
        """(largest magnitude, site, text), largest first."""
        return sorted(
            ((max(self.highest[site], -self.lowest[site]), *self.sites[site])
             for site in self.used), reverse=True,
        )  # fmt: skip

    def too_large(self):
        """Those of them that are no small integers, and that ALLOWED has no reason for."""
        return [row for row in self.rows() if row[0] >= LIMIT and not reason(row)]


def reason(row):
    """Why this may be larger, "" where it may not."""
    _, site, text = row
    return ALLOWED.get(site.split(":")[0]) or ALLOWED.get(text) or ""


class Checked(array):
    """An array of the guard that bears no other values than it may hold [R-08]."""

    worst = 0

    def __setitem__(self, index, value):
        if not 0 <= value < LIMIT:
            raise OverflowError("[%d] = %d" % (index, value))
        if value > Checked.worst:
            Checked.worst = value
        super().__setitem__(index, value)


def install():
    """A Watch that imports firmware from now on."""
    watch = Watch()
    for name in [name for name in sys.modules if name.split(".")[0] == "firmware"]:
        del sys.modules[name]
    sys.meta_path.insert(0, watch)
    return watch
