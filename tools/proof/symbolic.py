"""Reads guard_pass as it ships and turns it into formulas: the proof is about the source itself.

A small symbolic interpreter for the Python that the guard is written in: integers, arrays with
constant indices, if, and short loops. Anything else stops it, loudly. Numbers are exact
integers, fault bits are bit vectors. Products of two unknowns become a fresh number between the
bounds that hold for every product, so what is proven holds for the true one.
"""

import ast

import z3

BITS = 32
TURNS = 6  # loops over unknowns are followed so far
_COMPARE = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
}


class Unsupported(Exception):
    """The guard uses Python that this interpreter doesn't know: teach it, or write it simpler."""


class State:
    """Locals, array slots and whether the function has returned, as formulas."""

    def __init__(self, names, slots, returned=False, value=0):
        self.names, self.slots = names, slots
        self.returned, self.value = returned, value

    def copy(self):
        slots = {name: list(array) for name, array in self.slots.items()}
        return State(dict(self.names), slots, self.returned, self.value)


def same_kind(a, b):
    """Both as bit vectors where one of them is; Python's booleans and numbers stay."""
    if z3.is_bv(a) and not z3.is_bv(b):
        return a, z3.BitVecVal(b, BITS)
    if z3.is_bv(b) and not z3.is_bv(a):
        return z3.BitVecVal(a, BITS), b
    return a, b


def choose(condition, a, b):
    if a is b or (type(a) is type(b) and isinstance(a, (int, bool)) and a == b):
        return a
    a, b = same_kind(a, b)
    return z3.If(condition, a, b)


class Executor:
    """`run(arrays)` gives the State at the end. `numbers` collects all numbers on the way."""

    def __init__(self, source, function, module_globals):
        tree = ast.parse(source)
        found = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function]
        if len(found) != 1:
            raise Unsupported("%d functions named %s" % (len(found), function))
        self.body = found[0].body
        self.arguments = [argument.arg for argument in found[0].args.args]
        self.constants = dict(module_globals)
        # Constants as this very source has them: a planted bug may sit in one.
        for node in tree.body:
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                code = compile(ast.Expression(node.value), "guard", "eval")
                try:
                    self.constants[node.targets[0].id] = eval(code, self.constants)
                except Exception:
                    raise Unsupported("constant at line %d" % node.lineno)
        self.numbers = []  # (path condition, value, line)
        self.products = []  # (a, b, fresh number)
        self.path = []
        self.ends = []  # claims: each loop is through after TURNS turns

    def run(self, **arrays):
        if sorted(arrays) != sorted(self.arguments):
            raise Unsupported("arguments are %s" % self.arguments)
        state = State({}, {name: list(array) for name, array in arrays.items()})
        return self.block(self.body, state)

    def block(self, body, state):
        for node in body:
            if state.returned is True:
                break
            after = self.statement(node, state.copy())
            if state.returned is not False:  # some paths are through: they stay as they were
                after = self.merge(state.returned, state, after)
            state = after
        return state

    def merge(self, condition, a, b):
        names = {}
        for name in a.names.keys() | b.names.keys():
            # A name of one branch only is not read after it, or Python would fail as well.
            one = a.names.get(name, b.names.get(name))
            other = b.names.get(name, one)
            names[name] = choose(condition, one, other)
        slots = {
            name: [choose(condition, x, y) for x, y in zip(a.slots[name], b.slots[name])]
            for name in a.slots
        }
        value = choose(condition, a.value, b.value)
        return State(names, slots, choose(condition, a.returned, b.returned), value)

    def statement(self, node, state):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            self.assign(node.targets[0], self.value(node.value, state), state)
        elif isinstance(node, ast.AugAssign):
            target = node.target
            old = self.value(target, state)
            new = self.operate(node.op, old, self.value(node.value, state), node)
            self.assign(target, new, state)
        elif isinstance(node, ast.If):
            return self.branch(node, state)
        elif isinstance(node, ast.While):
            return self.loop(node, state)
        elif isinstance(node, ast.Return):
            state.value = self.value(node.value, state)
            state.returned = True
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            raise Unsupported("line %d: %s" % (node.lineno, type(node).__name__))
        return state

    def loop(self, node, state):
        """Constants: as often as it runs. Unknowns: TURNS times; that these suffice is `ends`."""
        for _ in range(1000):
            again = self.value(node.test, state)
            if not isinstance(again, bool):
                break
            if not again:
                return state
            state = self.block(node.body, state)
        else:
            raise Unsupported("line %d: an endless loop" % node.lineno)
        entered = len(self.path)
        states = []
        for _ in range(TURNS):
            self.path.append(again)
            states.append((again, state))
            state = self.block(node.body, state.copy())
            again = self.value(node.test, state)
        self.ends.append(z3.Implies(z3.And(*self.path), z3.Not(again)))
        del self.path[entered:]
        for condition, before in reversed(states):
            state = self.merge(condition, state, before)
        return state

    def branch(self, node, state):
        condition = self.value(node.test, state)
        if isinstance(condition, bool):
            return self.block(node.body if condition else node.orelse, state)
        self.path.append(condition)
        yes = self.block(node.body, state.copy())
        self.path[-1] = z3.Not(condition)
        no = self.block(node.orelse, state.copy())
        self.path.pop()
        return self.merge(condition, yes, no)

    def assign(self, target, value, state):
        if isinstance(target, ast.Name):
            state.names[target.id] = value
        elif isinstance(target, ast.Subscript):
            state.slots[target.value.id][self.index(target, state)] = value
        else:
            raise Unsupported("line %d: assignment" % target.lineno)
        if z3.is_int(value) if z3.is_expr(value) else True:
            self.note(value, target)

    def index(self, node, state):
        index = self.value(node.slice, state)
        if not (isinstance(index, int) and 0 <= index < len(state.slots[node.value.id])):
            raise Unsupported("line %d: index %s" % (node.lineno, index))
        return index

    def note(self, value, node):
        self.numbers.append((list(self.path), value, node.lineno))
        return value

    def value(self, node, state):
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            if node.id in state.names:
                return state.names[node.id]
            return self.constants[node.id]
        if isinstance(node, ast.Attribute):
            return getattr(self.value(node.value, state), node.attr)
        if isinstance(node, ast.Call) and node.func.id == "int" and len(node.args) == 1:
            return int(self.value(node.args[0], state))
        if isinstance(node, ast.Subscript):
            return state.slots[node.value.id][self.index(node, state)]
        if isinstance(node, ast.BinOp):
            left, right = self.value(node.left, state), self.value(node.right, state)
            return self.note(self.operate(node.op, left, right, node), node)
        if isinstance(node, ast.Compare):
            return self.comparison(node, state)
        if isinstance(node, ast.BoolOp):
            parts = [self.value(part, state) for part in node.values]
            return (z3.And if isinstance(node.op, ast.And) else z3.Or)(*parts)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.value(node.operand, state)
            return not inner if isinstance(inner, bool) else z3.Not(inner)
        raise Unsupported("line %d: %s" % (node.lineno, ast.unparse(node)))

    def comparison(self, node, state):
        left = self.value(node.left, state)
        parts = []
        for op, right_node in zip(node.ops, node.comparators):
            right = self.value(right_node, state)
            parts.append(_COMPARE[type(op)](*same_kind(left, right)))
            left = right
        return parts[0] if len(parts) == 1 else z3.And(*parts)

    def operate(self, op, a, b, node):
        if isinstance(op, ast.BitOr):
            if isinstance(a, int) and isinstance(b, int):
                return z3.BitVecVal(a | b, BITS)
            a, b = same_kind(a, b)
            return a | b
        if z3.is_bv(a) or z3.is_bv(b):
            raise Unsupported("line %d: arithmetic with fault bits" % node.lineno)
        if isinstance(a, int) and isinstance(b, int):
            return _concrete(op, a, b)
        if isinstance(op, ast.Add):
            return a + b
        if isinstance(op, ast.Sub):
            return a - b
        if isinstance(op, ast.Mult):
            return a * b if isinstance(a, int) or isinstance(b, int) else self.product(a, b)
        if not isinstance(b, int) or b <= 0:
            raise Unsupported("line %d: right side must be a positive constant" % node.lineno)
        if isinstance(op, ast.FloorDiv):
            return a / b  # z3's integer division: Python's own for a positive divisor
        if isinstance(op, ast.Mod):
            return a % b
        if isinstance(op, ast.RShift):
            return a / (1 << b)
        if isinstance(op, ast.BitAnd) and b & (b + 1) == 0:
            return a % (b + 1)
        raise Unsupported("line %d: %s" % (node.lineno, ast.unparse(node)))

    def product(self, a, b):
        """A number between the planes that bound a product of two numbers of known range."""
        for one, other, known in self.products:
            if one.eq(a) and other.eq(b):
                return known
        known = z3.Int("product%d" % len(self.products))
        self.products.append((a, b, known))
        return known


def _concrete(op, a, b):
    table = {
        ast.Add: lambda: a + b, ast.Sub: lambda: a - b, ast.Mult: lambda: a * b,
        ast.FloorDiv: lambda: a // b, ast.Mod: lambda: a % b, ast.RShift: lambda: a >> b,
        ast.BitAnd: lambda: a & b,
    }  # fmt: skip
    return table[type(op)]()


def envelope(product, a_most, b_most):
    """Facts true of product = a·b for 0 <= a <= a_most and 1 <= b <= b_most (McCormick)."""
    a, b, known = product
    return [
        known >= a,
        known >= a_most * b + b_most * a - a_most * b_most,
        known <= a_most * b,
        known <= b_most * a,
        z3.Implies(a == 0, known == 0),
    ]
