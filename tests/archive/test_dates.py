"""Dates as listings have them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.archive.importers.dates import NoSuchDayError, is_date, read_date, resembles_date, write_date


@pytest.mark.parametrize(
    "text",
    [
        "29 September 2017",
        "29  Sep. 2017",
        "29 sept 2017",
        "29\u00a0September\u00a02017",
        "29th of September, 2017",
        "September 29, 2017",
        "Sept. 29, 2017",
        "Friday, 29 September 2017",
        "Fri. Sept 29th 2017",
        "2017-09-29",
        "29 septembre 2017",
        "le 29 sept. 2017",
        "vendredi 29 septembre 2017",
        "29 de septiembre de 2017",
        "viernes, 29 de septiembre de 2017",
        "29 sept 2017",
        "29 سبتمبر 2017",
        "٢٩ سبتمبر ٢٠١٧",
        "29 أيلول 2017",
        "29 أيلول/سبتمبر 2017",
        "29 شتنبر 2017",
        "الجمعة، 29 سبتمبر 2017",
        "\u200f29 سبتمبر 2017\u200f",
    ],
)
def test_forms(text: str) -> None:
    assert read_date(text) == datetime.date(2017, 9, 29)


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("1er août 2017", 8, 1),
        ("1º de enero de 2017", 1, 1),
        ("29 تشرين الأول 2017", 10, 29),
        ("29 كانون الثاني 2017", 1, 29),
        ("3 DÉCEMBRE 2017", 12, 3),
        ("3 avr. 2017", 4, 3),
        ("3 مايو 2017", 5, 3),
        ("3 ماي 2017", 5, 3),
    ],
)
def test_other_months(text: str, month: int, day: int) -> None:
    assert read_date(text) == datetime.date(2017, month, day)


@pytest.mark.parametrize("text", ["31 September 2017", "2017-02-30", "30 février 2017", "Sept. 31, 2017"])
def test_no_such_day(text: str) -> None:
    with pytest.raises(NoSuchDayError):
        read_date(text)


@pytest.mark.parametrize("text", ["29/09/2017", "29.9.2017", "September 2017", "29-30 September 2017", "29 sept. 17"])
def test_resembling_a_date_is_not_being_one(text: str) -> None:
    assert not is_date(text)
    assert resembles_date(text)


@pytest.mark.parametrize("text", ["", "2017", "In 2017 we met", "36th Session", "29 people in 2017", "x" * 99 + "1"])
def test_other_text(text: str) -> None:
    assert not is_date(text)
    assert not resembles_date(text)


@given(st.dates())
def test_what_is_written_is_read(date: datetime.date) -> None:
    assert read_date(write_date(date)) == date
