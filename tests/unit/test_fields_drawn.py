"""Signing on a pad, and naming a place on the map."""

import pytest

from forms.types import type_of
from tests.factories.fields import field, parse, says
from translations.messages import translate

DRAWN = {"type": "drawn"}


@pytest.mark.parametrize(
    "path",
    [
        "M1 2",
        "M1 2L3 4Z",
        'M1 2L3 4"/><script>alert(1)</script>',
        "M-1 2L3 4",
        "M1 2L1000 4",
        "M1 2L3 4url(#a)",
        "M1 2" + "L3 4" * 3000,
    ],
)
def test_only_strokes_are_taken(path: str) -> None:
    why = "Enter your name instead, or draw the signature once more with fewer strokes."
    assert says(parse(DRAWN, {"x-path": [path]})) == [("x-typed", why)]


def test_a_name_may_stand_for_the_drawing() -> None:
    assert parse(DRAWN, {"x-typed": ["見本 太郎"]}).value == {"typed": "見本 太郎"}
    assert parse(DRAWN, {"x-path": ["M1 2L3 4M5 6L7 8"]}).value == {"path": "M1 2L3 4M5 6L7 8"}


def test_a_drawing_has_a_caption_where_no_picture_can_be() -> None:
    made = field(DRAWN)
    name, drawing = type_of(made).lines(made, {"path": "M1 2L3 4", "typed": "見本 太郎"}, "en")
    assert name == "見本 太郎"
    assert translate(drawing, "en") == "Signed by hand"
    assert getattr(drawing, "path", None) == "M1 2L3 4"


POINT = {"type": "map_point", "label": "場所"}


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("35.6895, 139.6917", ""), ("３５．６８９５°", "139.6917"), ("35.68950000001", "139.69170")],
)
def test_a_place_is_read_in_degrees(latitude: str, longitude: str) -> None:
    parsed = parse(POINT, {"x-latitude": [latitude], "x-longitude": [longitude]})
    assert parsed.value == {"latitude": "35.689500", "longitude": "139.691700"}


@pytest.mark.parametrize(
    ("latitude", "longitude", "inputs"),
    [
        ("139.6917", "35.6895", ["x-latitude", "x-longitude"]),
        ("35.6895", "", ["x-longitude"]),
        ("35,6", "139.7", ["x-latitude"]),
        ("NaN", "139.7", ["x-latitude"]),
        ("35.7", "1e2", ["x-longitude"]),
        ("35.7", "9" * 5000, ["x-longitude"]),
    ],
)
def test_a_place_says_which_number_is_wrong(latitude: str, longitude: str, inputs: list[str]) -> None:
    parsed = parse(POINT, {"x-latitude": [latitude], "x-longitude": [longitude]})
    assert [input for input, _ in says(parsed)] == inputs
