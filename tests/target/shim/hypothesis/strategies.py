"""The strategies that the wand's own tests use, drawn with MicroPython's `random`."""

import random


class Strategy:
    def __init__(self, draw):
        self.draw = draw

    def map(self, change):
        return Strategy(lambda: change(self.draw()))

    def filter(self, accept):
        def draw():
            while True:
                value = self.draw()
                if accept(value):
                    return value

        return Strategy(draw)

    def __or__(self, other):
        return one_of(self, other)


def integers(min_value=None, max_value=None):
    low = -(1 << 40) if min_value is None else min_value
    high = 1 << 40 if max_value is None else max_value

    def draw():
        kind = random.randrange(8)
        if kind == 0:
            return low
        if kind == 1:
            return high
        span = high - low + 1
        if kind == 2 and low <= 0 <= high:
            return 0
        value = random.getrandbits(30) << 30 | random.getrandbits(30)
        return low + value % span

    return Strategy(draw)


def booleans():
    return Strategy(lambda: random.getrandbits(1) == 1)


def none():
    return just(None)


def just(value):
    return Strategy(lambda: value)


def floats(*_limits, **_more):
    odd = (float("nan"), float("inf"), -float("inf"), 0.0, -0.0, 1e300)
    return Strategy(lambda: random.choice(odd) if random.getrandbits(1) else random.random())


def text(alphabet="aZ09 -\xe9", min_size=0, max_size=12):
    return Strategy(
        lambda: "".join(
            random.choice(alphabet) for _ in range(random.randint(min_size, max_size or 12))
        )
    )


def binary(min_size=0, max_size=64):
    return Strategy(
        lambda: bytes(random.getrandbits(8) for _ in range(random.randint(min_size, max_size)))
    )


def sampled_from(values):
    values = list(values)
    return Strategy(lambda: random.choice(values))


def one_of(*strategies):
    return Strategy(lambda: random.choice(strategies).draw())


def lists(element, min_size=0, max_size=20, unique=False):
    def draw():
        values = [element.draw() for _ in range(random.randint(min_size, max_size))]
        return sorted(set(values)) if unique else values

    return Strategy(draw)


def tuples(*elements):
    return Strategy(lambda: tuple(element.draw() for element in elements))


def builds(make, *drawn, **named):
    def draw():
        return make(
            *[one.draw() for one in drawn], **{key: one.draw() for key, one in named.items()}
        )

    return Strategy(draw)
