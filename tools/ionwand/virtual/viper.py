"""Viper for the browser: turns the guard's Python into WebAssembly, as MicroPython's viper
emitter turns it into machine code on the chip. Without it the guard is a quarter of a page's time.

Takes what such functions may use (integers, ptr16 and ptr32 arguments, if, while, arithmetic) and
refuses everything else: a guard that grows out of that must not be compiled by guesswork.
"""

import ast
import importlib
import inspect
from collections.abc import Callable
from typing import Any

from ionwand.device import source

_I32 = 0x7F
_GET, _SET, _CONST = 0x20, 0x21, 0x41
_LOAD, _LOAD16, _STORE, _STORE16 = 0x28, 0x2F, 0x36, 0x3B
_EQZ, _EQ, _NE, _LT, _GT, _LE, _GE = 0x45, 0x46, 0x47, 0x48, 0x4A, 0x4C, 0x4E
_ADD, _SUB, _MUL, _DIV, _REM, _AND, _OR, _XOR, _SHL, _SHR = (
    0x6A, 0x6B, 0x6C, 0x6D, 0x6F, 0x71, 0x72, 0x73, 0x74, 0x75,
)  # fmt: skip
_IF, _ELSE, _END, _BLOCK, _LOOP, _BR, _BR_IF, _RETURN = 4, 5, 0x0B, 2, 3, 0x0C, 0x0D, 0x0F
_VOID = 0x40
_CALL = 0x10
_FLOOR, _MOD, _OWN = 0, 1, 2  # Python's // and %, which round down; then what is compiled

_COMPARE = {ast.Eq: _EQ, ast.NotEq: _NE, ast.Lt: _LT, ast.Gt: _GT, ast.LtE: _LE, ast.GtE: _GE}
_BINARY: dict[type, tuple[int, ...]] = {
    ast.Add: (_ADD,), ast.Sub: (_SUB,), ast.Mult: (_MUL,), ast.BitAnd: (_AND,),
    ast.BitOr: (_OR,), ast.BitXor: (_XOR,), ast.LShift: (_SHL,), ast.RShift: (_SHR,),
    ast.FloorDiv: (_CALL, _FLOOR), ast.Mod: (_CALL, _MOD),
}  # fmt: skip


class Unsupported(Exception):
    """The function uses what this compiler doesn't know."""


def guard() -> bytes:
    """firmware/guard.py's guard_pass, and rows of it, as a WebAssembly module."""
    source.products()  # puts the wand's sources on the path
    guard_pass = importlib.import_module("firmware.guard").guard_pass
    return compile_function(guard_pass, importlib.import_module("hal.sim.passes").row)


def compile_function(*functions: Callable[..., Any]) -> bytes:
    """A module that imports env.memory and exports `functions` of addresses.

    One that has an earlier one's name among its arguments calls that, and is not given it.
    """
    bodies: list[_Body] = []
    for function in functions:
        tree = ast.parse(inspect.cleandoc("\n" + inspect.getsource(function)))
        definition = tree.body[0]
        if not isinstance(definition, ast.FunctionDef):
            raise Unsupported("not a function")
        bodies.append(_Body(definition, function.__globals__, bodies))
    return _module(bodies)


class _Body:
    """One function's code."""

    def __init__(
        self, definition: ast.FunctionDef, names: dict[str, Any], earlier: "list[_Body]"
    ) -> None:
        self.name = definition.name
        self._names = names
        self._callable = {body.name: _OWN + i for i, body in enumerate(earlier)}
        self._takes = {body.name: body.arguments for body in earlier}
        self._pointers: dict[str, int] = {}
        self._locals: dict[str, int] = {}
        self.arguments: int
        for argument in definition.args.args:
            if argument.arg in self._callable:
                continue
            kind = getattr(argument.annotation, "id", "int")
            if kind in ("ptr16", "ptr32"):
                self._pointers[argument.arg] = 1 if kind == "ptr16" else 2
            elif kind != "int":
                raise Unsupported(f"argument {argument.arg} of type {kind}")
            self._locals[argument.arg] = len(self._locals)
        self.arguments = len(self._locals)
        self.code = [byte for node in definition.body for byte in self._statement(node)]

    @property
    def variables(self) -> int:
        return len(self._locals) - self.arguments

    def _statement(self, node: ast.stmt) -> list[int]:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return []  # docstring
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            return self._store(node.targets[0], self._value(node.value))
        if isinstance(node, ast.AugAssign):
            load = ast.parse(ast.unparse(node.target), mode="eval").body
            value = ast.copy_location(ast.BinOp(load, node.op, node.value), node)
            return self._store(node.target, self._value(value))
        if isinstance(node, ast.If):
            code = [*self._truth(node.test), _IF, _VOID, *self._block(node.body)]
            return [*code, _ELSE, *self._block(node.orelse), _END]
        if isinstance(node, ast.While) and not node.orelse:
            test = [*self._truth(node.test), _EQZ, _BR_IF, 1]
            return [
                _BLOCK,
                _VOID,
                _LOOP,
                _VOID,
                *test,
                *self._block(node.body),
                _BR,
                0,
                _END,
                _END,
            ]
        if isinstance(node, ast.Return) and node.value is not None:
            return [*self._value(node.value), _RETURN]
        raise self._refuse(node)

    def _block(self, nodes: list[ast.stmt]) -> list[int]:
        return [byte for node in nodes for byte in self._statement(node)]

    def _store(self, to: ast.expr, value: list[int]) -> list[int]:
        if isinstance(to, ast.Name) and to.id not in self._pointers:
            return [*value, _SET, *_leb(self._locals.setdefault(to.id, len(self._locals)))]
        if isinstance(to, ast.Subscript):
            shift, address = self._address(to)
            return [*address, *value, _STORE if shift == 2 else _STORE16, shift, 0]
        raise self._refuse(to)

    def _address(self, node: ast.Subscript) -> tuple[int, list[int]]:
        if not isinstance(node.value, ast.Name) or node.value.id not in self._pointers:
            raise self._refuse(node)
        shift = self._pointers[node.value.id]
        base = [_GET, *_leb(self._locals[node.value.id])]
        return shift, [*base, *self._value(node.slice), _CONST, shift, _SHL, _ADD]

    def _value(self, node: ast.expr) -> list[int]:
        """Code that leaves an integer."""
        if isinstance(node, ast.Name) and node.id in self._locals:
            return [_GET, *_leb(self._locals[node.id])]
        if isinstance(node, ast.Subscript):
            shift, address = self._address(node)
            return [*address, _LOAD if shift == 2 else _LOAD16, shift, 0]
        if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            both = [*self._value(node.left), *self._value(node.right)]
            return [*both, *_BINARY[type(node.op)]]
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "int":
            return self._value(node.args[0])
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in self._callable:
            name = getattr(node.func, "id", "")
            if len(node.args) == self._takes[name] and not node.keywords:
                values = [byte for value in node.args for byte in self._value(value)]
                return [*values, _CALL, *_leb(self._callable[name])]
        if isinstance(node, ast.Name | ast.Attribute | ast.Constant | ast.UnaryOp):
            try:
                constant = eval(compile(ast.Expression(node), "guard", "eval"), self._names)
            except NameError:
                raise self._refuse(node) from None
            if type(constant) is int and -(2**31) <= constant < 2**31:
                return [_CONST, *_signed(constant)]
        raise self._refuse(node)

    def _truth(self, node: ast.expr) -> list[int]:
        """Code that leaves 0 or 1."""
        if isinstance(node, ast.BoolOp):
            first, *others = node.values
            code = self._truth(first)
            for other in others:
                if isinstance(node.op, ast.And):
                    code += [_IF, _I32, *self._truth(other), _ELSE, _CONST, 0, _END]
                else:
                    code += [_IF, _I32, _CONST, 1, _ELSE, *self._truth(other), _END]
            return code
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return [*self._truth(node.operand), _EQZ]
        if isinstance(node, ast.Compare):
            code = []
            left = node.left
            for number, (operator, right) in enumerate(zip(node.ops, node.comparators)):
                if type(operator) not in _COMPARE:
                    raise self._refuse(node)
                both = [*self._value(left), *self._value(right)]
                code += [*both, _COMPARE[type(operator)], *([_AND] if number else [])]
                left = right
            return code
        return [*self._value(node), _CONST, 0, _NE]

    def _refuse(self, node: ast.AST) -> Unsupported:
        return Unsupported(f"line {getattr(node, 'lineno', 0)}: {ast.unparse(node)}")


def _leb(number: int) -> list[int]:
    code = []
    while True:
        code.append(number & 0x7F | (0x80 if number > 0x7F else 0))
        number >>= 7
        if not number:
            return code


def _signed(number: int) -> list[int]:
    code = []
    while True:
        byte = number & 0x7F
        number >>= 7
        done = number == (-1 if byte & 0x40 else 0)
        code.append(byte if done else byte | 0x80)
        if done:
            return code


def _vector(items: list[list[int]]) -> list[int]:
    return [*_leb(len(items)), *[byte for item in items for byte in item]]


def _text(name: str) -> list[int]:
    return [*_leb(len(name)), *name.encode()]


def _code(variables: int, code: list[int]) -> list[int]:
    body = [*_vector([[*_leb(variables), _I32]] if variables else []), *code, _END]
    return [*_leb(len(body)), *body]


def _module(bodies: list[_Body]) -> bytes:
    # a % b: rest r of the division towards zero, and r + b where r and b differ in sign.
    rest = [_GET, 0, _GET, 1, _REM, _SET, 2]
    apart = [_GET, 2, _CONST, 0, _NE, _GET, 2, _GET, 1, _XOR, _CONST, 0, _LT, _AND]
    floor = [*rest, _GET, 0, _GET, 1, _DIV, *apart, _SUB]
    mod = [*rest, _GET, 2, *apart, _GET, 1, _MUL, _ADD]
    end = [_CONST, 0]  # behind the last return: unreachable
    two = [0x60, *_vector([[_I32]] * 2), *_vector([[_I32]])]
    own = [[0x60, *_vector([[_I32]] * body.arguments), *_vector([[_I32]])] for body in bodies]
    codes = [_code(body.variables, body.code + end) for body in bodies]
    sections = (
        (1, _vector([two, *own])),
        (2, _vector([[*_text("env"), *_text("memory"), 2, 0, 0]])),
        (3, _vector([[0], [0], *[_leb(1 + i) for i in range(len(bodies))]])),
        (7, _vector([[*_text(b.name), 0, *_leb(_OWN + i)] for i, b in enumerate(bodies)])),
        (10, _vector([_code(1, floor), _code(1, mod), *codes])),
    )
    parts = [byte for kind, content in sections for byte in (kind, *_leb(len(content)), *content)]
    return bytes([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, *parts])
