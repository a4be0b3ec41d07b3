"""Beeps that say how far a treatment is."""

import pytest

from firmware.products import Product
from firmware.progress import Progress


def heard(product, *given):
    progress = Progress()
    return [progress.step(product, dose_uc, ms) for dose_uc, ms in given]


@pytest.mark.req("F-08", "F-10")
def test_each_quarter_of_the_dose_once_and_not_the_end():
    product = Product("p", "P", -100, 250, 1000, 300)
    given = [(dose_uc, 0) for dose_uc in (0, 249, 250, 251, 500, 750, 999, 1000)]
    assert heard(product, *given) == [0, 0, 1, 0, 2, 3, 0, 0]


@pytest.mark.req("F-08", "F-10")
def test_quarters_of_the_time_where_time_ends_it():
    product = Product("p", "P", -100, 100, 0, 60)
    given = [(9, ms) for ms in (0, 14_999, 15_000, 30_000, 45_000, 60_000)]
    assert heard(product, *given) == [0, 0, 1, 2, 3, 0]


@pytest.mark.req("F-10")
def test_zones_by_the_time_of_current_and_not_at_the_end():
    product = Product("p", "P", -100, 100, 0, 60, zone_s=20)
    given = [(0, ms) for ms in (0, 20_000, 20_005, 40_000, 60_000)]
    assert heard(product, *given) == [0, 1, 0, 2, 0]
    given = [(0, ms) for ms in (16_000, 19_995, 20_000, 20_005)]
    assert heard(product, *given) == [1, 0, -1, 0]


@pytest.mark.req("F-08")
def test_another_session_begins_at_nothing_given():
    progress = Progress()
    product = Product("p", "P", -100, 250, 1000, 300)
    assert [progress.step(product, uc, 0) for uc in (700, 0, 250)] == [2, 0, 1]
