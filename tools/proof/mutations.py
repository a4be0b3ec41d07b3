"""Every small change to the safety core: cosmic-ray's, and one of our own for tables of names.

A mutation is known by its text, "old line => new line", which stays the same when lines above
it come and go; "#2" tells the second line of the same text.
"""

import ast
import collections
import difflib
import functools

import paths
from cosmic_ray import mutating, plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.operators.operator import Operator
from parso.python import tree

# What is changed, and the tests that are to notice: those of the module first.
TESTS = {
    "firmware/limits.py": ("test_limits", "test_guard"),
    "firmware/limiter.py": ("test_limiter",),
    "firmware/guard.py": ("test_guard_edges", "test_guard"),
    "firmware/polarity.py": ("test_polarity",),
    "firmware/session.py": ("test_table", "test_machine", "test_session"),
}
_OUR_OWN = "wand/NameInTable"

Mutation = collections.namedtuple("Mutation", "module operator occurrence shown source")


class NameInTable(Operator):
    """A constant in a row of a table becomes its neighbour: the next of the same block.

    cosmic-ray changes numbers only, and the rows of the session's table hold names.
    """

    def __init__(self, neighbours):
        self._neighbours = neighbours

    def mutation_positions(self, node):
        if isinstance(node, tree.Name) and node.value in self._neighbours and _in_table(node):
            yield (node.start_pos, node.end_pos)

    def mutate(self, node, index):
        return tree.Name(self._neighbours[node.value], node.start_pos, node.prefix)

    @classmethod
    def examples(cls):
        return ()


def _in_table(node):
    """In a tuple that is assigned or returned, and nothing but a row of it."""
    if node.parent.type != "testlist_comp":
        return False
    while node is not None and node.type not in ("expr_stmt", "return_stmt", "trailer"):
        if node.type in ("if_stmt", "comparison"):
            return False
        node = node.parent
    return node is not None and node.type != "trailer"


def neighbours(source):
    """{constant: the one after it}, where constants of adjacent lines make a ring."""
    blocks = [[]]
    last = 0
    for number, line in enumerate(source.splitlines(), 1):
        if " = const(" in line and line[0].isalpha():
            if number != last + 1:
                blocks.append([])
            blocks[-1].append(line.split()[0])
            last = number
    return {
        name: block[(i + 1) % len(block)]
        for block in blocks
        for i, name in enumerate(block)
        if len(block) > 1
    }


def read(module):
    return (paths.ROOT / module).read_text(encoding="utf-8")


@functools.cache
def _operators(module):
    """Name to operator; the two that want names to replace are off, as in cosmic-ray itself."""
    known = {
        name: plugins.get_operator(name)()
        for name in plugins.operator_names()
        if "Variable" not in name
    }
    return {**known, _OUR_OWN: NameInTable(neighbours(read(module)))}


@functools.cache
def places(module):
    """[(module, operator, occurrence)] of everything that can be changed in it."""
    nodes = list(ast_nodes(get_ast(read(module))))
    return [
        (module, name, occurrence)
        for name, operator in _operators(module).items()
        for occurrence in range(
            sum(len(list(operator.mutation_positions(node))) for node in nodes)
        )
    ]


def make(module, operator, occurrence):
    """The Mutation at one of the `places`, its source included."""
    source = read(module)
    changed = mutating.mutate_code(source, _operators(module)[operator], occurrence)
    return Mutation(module, operator, occurrence, difference(source, changed), changed)


def is_python(mutation):
    """False for the few that no interpreter reads: killing those would prove nothing."""
    try:
        ast.parse(mutation.source)
    except (SyntaxError, ValueError):
        return False
    return True


def difference(source, changed):
    """The change in one line: what stood there and what stands there now."""
    before, after = source.splitlines(), changed.splitlines()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    spans = [span for span in matcher.get_opcodes() if span[0] != "equal"]
    first, last = spans[0], spans[-1]
    old = " ".join(" ".join(before[first[1] : last[2]]).split())
    new = " ".join(" ".join(after[first[3] : last[4]]).split())
    # By its first line that says something: blank lines come and go.
    at = next((i for i in range(first[1], last[2]) if before[i].strip()), first[1])
    line = before[at].strip()
    nth = sum(text.strip() == line for text in before[:at]) + 1
    return "%s%s => %s" % (old, " #%d" % nth if nth > 1 else "", new)
