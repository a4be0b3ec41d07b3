"""How many words each function of a .mpy file needs at once, as MicroPython's VM has them.

Layouts are those of py/persistentcode.c and of the prelude in py/bc.h [MPY 6.3].
"""

_EXCEPT_WORDS = 3  # of each `try` in a `try`
_TUPLE = 10
_STR, _BYTES = 5, 6  # with a zero behind them; kinds below are names of single objects


class _Reader:
    def __init__(self, data):
        self._data = data
        self._at = 0

    def take(self, count):
        self._at += count
        return self._data[self._at - count : self._at]

    def byte(self):
        return self.take(1)[0]

    def number(self):
        value = 0
        while True:
            byte = self.byte()
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value

    def is_through(self):
        return self._at == len(self._data)


def words(mpy):
    """{name: words of its frame} of a file without native code; of one name the highest."""
    reader = _Reader(mpy)
    reader.take(4)
    counts = reader.number(), reader.number()
    names = [_name(reader) for _ in range(counts[0])]
    for _ in range(counts[1]):
        _skip_object(reader)
    found = {}
    _function(reader, names, found)
    assert reader.is_through()
    return found


def _name(reader):
    size = reader.number()
    # Odd: the number of one that MicroPython has anyway.
    return f"#{size >> 1}" if size & 1 else reader.take((size >> 1) + 1)[:-1].decode()


def _skip_object(reader):
    kind = reader.byte()
    if kind < _STR:
        return
    size = reader.number()
    if kind == _TUPLE:
        for _ in range(size):
            _skip_object(reader)
    else:
        reader.take(size + (kind in (_STR, _BYTES)))


def _function(reader, names, found):
    head = reader.number()
    assert head & 3 == 0, "no bytecode"
    code = _Reader(reader.take(head >> 3))
    frame = _frame(code)
    while code.byte() & 0x80:
        pass  # sizes of what is known of names and cells
    name = names[code.number()]
    found[name] = max(found.get(name, 0), frame)
    for _ in range(reader.number() if head & 4 else 0):
        _function(reader, names, found)


def _frame(code):
    byte = code.byte()
    state = byte >> 3 & 0xF
    excepts = byte >> 2 & 1
    more = 0
    while byte & 0x80:
        byte = code.byte()
        state |= (byte & 0x30) << 2 * more
        excepts |= (byte & 2) << more
        more += 1
    return state + 1 + _EXCEPT_WORDS * excepts
