"""The part of pytest that the wand's own tests use, for MicroPython: marks, raises, approx."""


class Skipped(Exception):
    """What `skip` raises."""


def skip(reason):
    raise Skipped(reason)


class Param:
    def __init__(self, *values, id=None, marks=()):
        self.values = values


param = Param


class Told:
    """What the marks say of each function; MicroPython's functions take no attributes."""

    def __init__(self):
        self.entries = []

    def of(self, function):
        for known, marks in self.entries:
            if known is function:
                return marks
        marks = {"ids": [], "cases": []}
        self.entries.append((function, marks))
        return marks


told = Told()


class Mark:
    def req(self, *ids):
        def decorate(function):
            told.of(function)["ids"].extend(ids)
            return function

        return decorate

    def parametrize(self, names, values, ids=None):
        if isinstance(names, str):
            names = [name.strip() for name in names.split(",")]

        def decorate(function):
            rows = []
            for value in values:
                if isinstance(value, Param):
                    value = value.values if len(names) > 1 else value.values[0]
                rows.append(value if len(names) > 1 else (value,))
            told.of(function)["cases"].append((names, rows))
            return function

        return decorate


mark = Mark()


class Info:
    """What `raises` gives: the exception, once it is there."""

    def __init__(self):
        self.value = None


class raises:
    def __init__(self, expected, match=None):
        self._expected = expected
        self._match = match
        self._info = Info()

    def __enter__(self):
        return self._info

    def __exit__(self, kind, value, trace):
        if kind is None:
            raise AssertionError("nothing was raised, wanted %r" % (self._expected,))
        if not issubclass(kind, self._expected):
            return False
        self._info.value = value
        assert self._match is None or self._match in str(value), str(value)
        return True


class approx:
    def __init__(self, expected, rel=1e-6, abs=0.0):
        self._expected = expected
        self._within = max(rel * (expected if expected > 0 else -expected), abs)

    def __eq__(self, other):
        difference = other - self._expected
        return -self._within <= difference <= self._within

    def __repr__(self):
        return "%r within %r" % (self._expected, self._within)


def importorskip(name):
    try:
        return __import__(name)
    except ImportError:
        skip(name + " isn't there")
