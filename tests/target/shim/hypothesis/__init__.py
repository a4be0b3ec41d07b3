"""`given` for MicroPython: the same properties, with drawn values instead of sought ones."""

import random

import pytest

from . import strategies as strategies

EXAMPLES = 25


def settings(**_options):
    return lambda function: function


def example(*_values, **_named):
    return lambda function: function


def given(*drawn, **named):
    def decorate(function):
        def run(*given_before, **more):
            random.seed(1)
            for _ in range(EXAMPLES):
                values = [strategy.draw() for strategy in drawn]
                named_values = {key: named[key].draw() for key in named}
                named_values.update(more)
                function(*given_before, *values, **named_values)

        # Marks may stand below as well as above.
        marks = pytest.told.of(run)
        below = pytest.told.of(function)
        marks["ids"].extend(below["ids"])
        marks["cases"].extend(below["cases"])
        return run

    return decorate
