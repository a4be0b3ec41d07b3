"""`python -m pages.skin_fit`: fits the skin model to what is published, and writes docs/skin.md.

    python -m pages.skin_fit          rewrites the generated part and docs/img/skin-fit.png
    python -m pages.skin_fit --check  says whether page and code are those of the fit

The figures with their sources and spreads are skin_figures.toml; skin_protocols.py replays them.
"""

import math
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from ionwand.device import source
from pages import skin_page
from pages.skin_model import Model
from pages.skin_protocols import Figure

FIGURES = Path(__file__).with_name("skin_figures.toml")
PAGE = source.ROOT / "docs" / "skin.md"
PICTURE = source.ROOT / "docs" / "img" / "skin-fit.png"

# Where the search starts, and between what it may end.
START = Model(1.7, 2.7, 6.0, 30.0, 1200.0, 3e3, 30e-9, 200.0, 400e3)
LOW = Model(1.0, 1.5, 1.0, 3.0, 300.0, 5e2, 5e-9, 50.0, 1e5)
HIGH = Model(3.0, 5.0, 30.0, 300.0, 6000.0, 2e4, 1e-7, 400.0, 5e5)
# The code rounds: so far may it be from the fit, as a share.
ROUNDING = 0.03


def read(path: Path = FIGURES) -> tuple[list[Figure], dict[str, Any]]:
    """The figures, and the whole file."""
    with open(path, "rb") as file:
        table = tomllib.load(file)
    figures = [
        Figure(arguments=entry["with"], **{k: v for k, v in entry.items() if k != "with"})
        for entry in table["figure"]
    ]
    return figures, table


def _logs(model: Model) -> np.ndarray:
    return np.log([getattr(model, field.name) for field in fields(Model)])


def _model(logs: np.ndarray) -> Model:
    return Model(*(float(value) for value in np.exp(logs)))


def misses(model: Model, figures: list[Figure]) -> np.ndarray:
    """Per value: 0 in the middle of its spread, ±1 at the edges; on a scale of factors."""
    found = []
    for figure in figures:
        low, high = math.log(figure.low), math.log(figure.high)
        for value in figure.model(model):
            found.append((2 * math.log(max(value, 1e-12)) - low - high) / (high - low))
    return np.array(found)


def fit(figures: list[Figure]) -> Model:
    """Least squares over the figures that are for it. What no figure asks for stays put."""
    chosen = [figure for figure in figures if figure.fit]
    start = _logs(START)

    def cost(logs: np.ndarray) -> np.ndarray:
        stay = 0.1 * (logs - start)
        return np.concatenate([misses(_model(logs), chosen), stay])

    found = least_squares(
        cost, start, bounds=(_logs(LOW), _logs(HIGH)), x_scale=0.1, diff_step=1e-3, xtol=1e-4
    )
    return _model(found.x)


def apart(fitted: Model, code: Model) -> list[str]:
    """What hal/sim has otherwise than the fit says, beyond rounding."""
    found = []
    for field in fields(Model):
        wanted, has = getattr(fitted, field.name), getattr(code, field.name)
        if field.name != "r0_seen" and not abs(has / wanted - 1) <= ROUNDING:
            found.append(f"hal/sim: {field.name} is {has:.4g}, the fit says {wanted:.4g}")
    return found


def main(arguments: list[str]) -> int:
    figures, whole = read()
    fitted = fit(figures)
    code = Model.of_code(fitted.r0_seen)
    wrong = apart(fitted, code)
    page = PAGE.read_text(encoding="utf-8")
    wanted = skin_page.current(page, figures, whole, fitted, code)
    if "--check" in arguments:
        if page != wanted:
            wrong.append("docs/skin.md is out of date: python -m pages.skin_fit")
    else:
        PAGE.write_text(wanted, encoding="utf-8")
        skin_page.draw(PICTURE, figures, code)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
