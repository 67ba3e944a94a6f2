"""What a list of procedures was asked for, read from its address and written into the addresses of narrower ones.

Addresses hold words and tags only, never an answer about a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import request, url_for

from core.errors import Message
from procedures.finding.occasions import AUDIENCES, CIRCUMSTANCES, KINDS, LIFE_EVENTS
from procedures.search import Found

GROUPS: Final[Mapping[str, Mapping[str, Message]]] = {
    "for": AUDIENCES,
    "event": LIFE_EVENTS,
    "who": CIRCUMSTANCES,
    "kind": KINDS,
}
"""What a list is narrowed by: the name in the address and in tags, with the words for each value."""
_LONGEST: Final = 100


@dataclass(frozen=True)
class Asked:
    """Words, an organisation with one of its departments, and at most one value of each group."""

    words: str = ""
    organisation: str | None = None
    department: str | None = None
    chosen: tuple[tuple[str, str], ...] = ()
    page: int = 1

    @classmethod
    def of_request(cls, organisation: str | None = None, **fixed: str) -> "Asked":
        """What the address asks for; values that are not known are passed over."""
        given = {name: fixed.get(name) or request.args.get(name, "") for name in GROUPS}
        chosen = tuple((name, value) for name, value in given.items() if value in GROUPS[name])
        department = request.args.get("department", "")[:60] or None
        page = request.args.get("page", 1, type=int)
        return cls(request.args.get("q", "")[:_LONGEST], organisation, department, chosen, page)

    @property
    def tags(self) -> list[str]:
        """The tags that all hits have."""
        found = [f"{name}:{value}" for name, value in self.chosen]
        return [*found, f"department:{self.department}"] if self.department else found

    @property
    def anything(self) -> bool:
        """Whether something narrows the list."""
        return bool(self.words.strip() or self.chosen or self.department)

    def value(self, group: str) -> str | None:
        """What was chosen in a group."""
        return dict(self.chosen).get(group)

    def with_value(self, group: str, value: str | None) -> "Asked":
        """The same with another value of a group, or without any; from the first page."""
        chosen = dict(self.chosen) | {group: value}
        return replace(self, page=1, chosen=tuple((name, one) for name, one in chosen.items() if one))

    def having(self, **changes: Any) -> "Asked":
        """The same with other words, organisation, department or page."""
        return replace(self, **{"page": 1, **changes})

    @property
    def arguments(self) -> dict[str, Any]:
        """What the address of the list holds."""
        found: dict[str, Any] = {"q": self.words or None, **dict(self.chosen), "department": self.department}
        return {**found, "page": self.page if self.page > 1 else None}

    @property
    def url(self) -> str:
        """The address of the list."""
        if self.organisation:
            return url_for("catalogue.organisation", organisation_id=self.organisation, **self.arguments)
        return url_for("catalogue.index", **self.arguments)

    def choices(self, found: Found, group: str) -> list[tuple[str, Message, int]]:
        """The values of a group that leave something: value, words, how many."""
        return [
            (value, words, count)
            for value, words in GROUPS[group].items()
            if (count := found.counts.get(f"{group}:{value}", 0))
        ]

    def links(self, found: Found, group: str) -> list[tuple[Message, int, str]]:
        """The same as words, how many, and the address of the list narrowed by it."""
        return [
            (words, count, self.with_value(group, value).url)
            for value, words, count in self.choices(found, group)
        ]
