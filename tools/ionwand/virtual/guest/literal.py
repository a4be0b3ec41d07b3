"""What a wand prints, read without evaluating it: MicroPython has no ast.literal_eval.

Whatever sits at the other end of a cable may print anything; only None, True, False, whole
numbers, texts, bytes, lists, tuples and dicts of them are read. ValueError for all else.
"""

_NAMES = {"None": None, "True": True, "False": False}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", '"': '"'}
_DEEPEST = 8


def read(text):
    """The value that `text` is the repr of."""
    value, at = _value(text, 0, 0)
    if text[at:].strip():
        raise ValueError("more than one value: " + text[:40])
    return value


def _skip(text, at):
    while at < len(text) and text[at] in " \r\n\t":
        at += 1
    return at


def _value(text, at, depth):
    at = _skip(text, at)
    first = text[at : at + 1]
    if first and first in "[({" and depth < _DEEPEST:
        return _collection(text, at, depth)
    if first in ("'", '"'):
        return _quoted(text, at, False)
    if first == "b" and text[at + 1 : at + 2] in ("'", '"'):
        return _quoted(text, at + 1, True)
    end = at
    while end < len(text) and text[end] not in ",])}: \r\n":
        end += 1
    word = text[at:end]
    if word in _NAMES:
        return _NAMES[word], end
    digits = word[1:] if word[:1] == "-" else word
    if not digits or len(digits) > 20 or not all(char in "0123456789" for char in digits):
        raise ValueError("not a value: " + text[at : at + 40])
    return int(word), end


def _collection(text, at, depth):
    closing = {"[": "]", "(": ")", "{": "}"}[text[at]]
    kind = text[at]
    items = []
    at = _skip(text, at + 1)
    while text[at : at + 1] != closing:
        item, at = _value(text, at, depth + 1)
        at = _skip(text, at)
        if kind == "{":
            if text[at : at + 1] != ":":
                raise ValueError("no value behind " + repr(item)[:40])
            behind, at = _value(text, at + 1, depth + 1)
            item = (item, behind)
            at = _skip(text, at)
        items.append(item)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        elif text[at : at + 1] != closing:
            raise ValueError("not closed: " + text[:40])
    if kind == "{":
        return dict(items), at + 1
    return (items if kind == "[" else tuple(items)), at + 1


def _quoted(text, at, is_bytes):
    quote = text[at]
    parts = []
    at += 1
    while True:
        char = text[at : at + 1]
        if not char:
            raise ValueError("a text without an end")
        at += 1
        if char == quote:
            break
        if char == "\\":
            char = text[at : at + 1]
            at += 1
            if char in ("x", "u"):
                size = 2 if char == "x" else 4
                char = chr(int(text[at : at + size], 16))
                at += size
            elif char in _ESCAPES:
                char = _ESCAPES[char]
            else:
                raise ValueError("unknown escape in a text")
        parts.append(char)
    if is_bytes:
        return bytes([ord(char) for char in parts]), at
    return "".join(parts), at
