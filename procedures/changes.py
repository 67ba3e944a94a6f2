"""What changed between two definitions, by what it means for applicants and clerks, the gravest first.

Compared are compiled forms, so that what a ready-made workflow or a default changed is told, too.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum
from typing import Any, Final

from core.told import Told, packed, series, tell
from procedures.definition import Procedure
from translations.languages import LANGUAGES

Path = tuple[str, ...]
Node = Any
"""A part of a compiled form: JSON."""


class Gravity(IntEnum):
    """How much a change means."""

    BREAKS = 6
    """Answers, links or cases that were fine may not be any more."""
    RULES = 5
    """Who may apply, what it costs, how it is decided, how long."""
    ADDS = 4
    """More than before; what was fine still is."""
    ORDER = 3
    """The same in another order or place."""
    WORDS = 2
    """Texts in the language of the file."""
    TRANSLATIONS = 1
    """Texts in other languages."""
    ASIDE = 0
    """Examples, search words, the estimate of minutes."""


@dataclass(frozen=True)
class Change:
    """One change. `kind` names it for tools, `place` is the path in the definition, by ids."""

    gravity: Gravity
    kind: str
    place: Path
    text: Told
    before: str | None = None
    after: str | None = None

    def as_dict(self, say: Callable[[str], str] = str) -> dict[str, Any]:
        """For tools, in words as `say` puts them."""
        return {
            "gravity": self.gravity.name.lower(), "kind": self.kind, "place": list(self.place),
            "text": say(self.text), "told": packed(self.text),
            "before": _said(self.before, say), "after": _said(self.after, say),
        }  # fmt: skip


def _said(text: str | None, say: Callable[[str], str]) -> str | None:
    return None if text is None else say(text)


def changes(old: Procedure, new: Procedure) -> list[Change]:
    """Every change from `old` to `new`, the gravest first, then in the order of the definition."""
    before, after = (each.model_dump(mode="json", by_alias=True) for each in (old, new))
    comparison = _Comparison(old.language, new.language)
    found = [*comparison.moved_fields(before, after), *comparison.keys((), before, after)]
    return sorted(found, key=lambda change: -change.gravity)


_NAMED_BY: Final = {
    "pages": "id", "fields": "id", "options": "value", "attachments": "id", "eligibility": "id", "issue": "id",
    "declarations": "id", "lists": "id", "items": "#", "rows": "#", "examples": "name",
}  # fmt: skip
"""Lists of things, and the key that names each (``#``: its place)."""
_NOUNS: Final = {
    "pages": tell("page"), "fields": tell("field"), "options": tell("option"), "attachments": tell("attachment"),
    "lists": tell("list"), "eligibility": tell("requirement"), "issue": tell("document"),
    "declarations": tell("declaration"), "items": tell("fee item"), "rows": tell("row"),
    "examples": tell("example"), "states": tell("state"), "transitions": tell("transition"),
    "units": tell("unit"), "computed": tell("computed value"),
}  # fmt: skip
_MAPPED: Final = frozenset(("states", "transitions", "units", "computed"))
"""Things by name."""
_CONDITIONS: Final = frozenset(("when", "waive"))
_LEAST: Final = frozenset(("min", "min_length", "earliest", "from"))
_MOST: Final = frozenset(("max", "max_length", "decimals", "max_files", "latest", "until", "capacity"))
_ASIDE: Final = frozenset(("examples", "find_by", "minutes", "notify", "satisfaction"))
_FOLLOWS: Final = frozenset((("workflow", "uses"),))
"""What says nothing that the rest does not."""
_LOSS_BREAKS: Final = frozenset(
    ("pages", "fields", "options", "states", "transitions", "issue", "units", "lists")
)


class _Comparison:
    """Walks over two definitions at once."""

    def __init__(self, old_language: str, new_language: str) -> None:
        self._old_language, self._new_language = old_language, new_language

    def moved_fields(self, old: Node, new: Node) -> Iterator[Change]:
        """Fields that stand on another page now. They are put back, so that what else changed in them is told."""
        homes = {field["id"]: page for page in old["pages"] for field in page["fields"]}
        pages = {page["id"]: page for page in new["pages"]}
        for page in new["pages"]:
            for field in list(page["fields"]):
                home = homes.get(field["id"])
                if home is None or home["id"] == page["id"]:
                    continue
                place = ("pages", page["id"], "fields", field["id"])
                text = tell(
                    "%(place)s was on page '%(home)s' before", place=_described(place), home=home["id"]
                )
                yield Change(Gravity.ORDER, "field-moved", place, text, home["id"], page["id"])
                page["fields"].remove(field)
                if home["id"] in pages:
                    pages[home["id"]]["fields"].insert(
                        home["fields"].index(_of(home["fields"], field["id"])), field
                    )
                else:
                    home["fields"].remove(_of(home["fields"], field["id"]))

    def keys(self, path: Path, old: Mapping[str, Node], new: Mapping[str, Node]) -> Iterator[Change]:
        """The changes between two mappings."""
        if old.get("type") != new.get("type") and path[-2:-1] == ("fields",):
            text = tell(
                "%(path)s asks for %(new)s instead of %(old)s",
                path=_described(path),
                new=new["type"],
                old=old["type"],
            )
            yield Change(Gravity.BREAKS, "type-changed", path, text, old["type"], new["type"])
            return
        for key in {**old, **new}:
            here = (*path, key)
            if old.get(key) != new.get(key) and here not in _FOLLOWS:
                yield from self._value(here, old.get(key), new.get(key))

    def _value(self, path: Path, old: Node, new: Node) -> Iterator[Change]:
        key = path[-1]
        if key in _NAMED_BY and isinstance(old, list) and isinstance(new, list):
            yield from self._things(path, _by_name(key, old), _by_name(key, new))
        elif key in _MAPPED and isinstance(old, dict) and isinstance(new, dict):
            yield from self._things(path, old, new)
        elif _is_text(old) and _is_text(new):
            yield from self._texts(path, old, new)
        elif _is_texts(old) and _is_texts(new) and len(old) == len(new):
            for number, (before, after) in enumerate(zip(old, new, strict=True), 1):
                if before != after:
                    yield from self._texts((*path, str(number)), before, after)
        elif isinstance(old, dict) and isinstance(new, dict):
            yield from self.keys(path, old, new)
        else:
            yield _setting(path, old, new)

    def _things(self, path: Path, old: Mapping[str, Node], new: Mapping[str, Node]) -> Iterator[Change]:
        for name in old:
            here = (*path, name)
            if name not in new:
                yield _lost(here)
            elif old[name] != new[name]:
                if isinstance(old[name], dict):
                    yield from self.keys(here, old[name], new[name])
                else:
                    yield _setting(here, old[name], new[name])
        for name in new:
            if name not in old:
                yield _gained((*path, name), new[name])
        yield from _reordered(
            path, [name for name in old if name in new], [name for name in new if name in old]
        )

    def _texts(self, path: Path, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
        before, after = _source(old, self._old_language), _source(new, self._new_language)
        where = tell("the text of %(path)s", path=_described(path))
        if before != after:
            gravity = Gravity.ASIDE if path[0] in _ASIDE else Gravity.WORDS
            yield Change(gravity, "text-changed", path, tell("%(where)s changed", where=where), before, after)
            return
        languages = [tag for tag in {**old, **new} if old.get(tag) != new.get(tag)]
        text = tell("%(where)s changed in %(languages)s only", where=where, languages=", ".join(languages))
        yield Change(Gravity.TRANSLATIONS, "translation-changed", path, text, None, ", ".join(languages))


def _noun(part: str, key: str) -> Told:
    return tell("score item") if (part, key) == ("score", "items") else _NOUNS[key]


def _lost(path: Path) -> Change:
    kind = _noun(path[0], path[-2]).replace(" ", "-")
    gravity = Gravity.BREAKS if path[-2] in _LOSS_BREAKS else Gravity.RULES
    return Change(
        _aside(path, gravity),
        f"{kind}-removed",
        path,
        tell("%(path)s was removed", path=_described(path)),
        path[-1],
    )


def _gained(path: Path, thing: Node) -> Change:
    kind, described = _noun(path[0], path[-2]).replace(" ", "-"), _described(path)
    text = tell("%(thing)s is new", thing=described)
    gravity = Gravity.ADDS
    if path[-2] in ("eligibility", "items", "declarations"):
        gravity = Gravity.RULES
    elif path[-2] in ("fields", "attachments") and thing.get("type") not in ("computed", "content"):
        gravity = Gravity.BREAKS if thing["required"] else Gravity.ADDS
        text = tell("%(thing)s is new and optional", thing=described)
        if thing["required"]:
            text = tell("%(thing)s is new and required", thing=described)
    elif path[-2] == "pages" and any(field["required"] for field in thing["fields"]):
        gravity, text = Gravity.BREAKS, tell("%(thing)s is new and asks for answers", thing=described)
    return Change(_aside(path, gravity), f"{kind}-added", path, text, None, path[-1])


def _reordered(path: Path, old: list[str], new: list[str]) -> Iterator[Change]:
    """The things that do not stand where the others let them expect."""
    if old == new:
        return
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    stayed = {old[index] for block in blocks for index in range(block.a, block.a + block.size)}
    for name in new:
        if name not in stayed:
            place = (*path, name)
            kind = f"{_noun(path[0], path[-1]).replace(' ', '-')}-moved"
            gravity = _aside(place, Gravity.ORDER)
            yield Change(
                gravity, kind, place, tell("%(place)s stands in another place", place=_described(place))
            )


def _setting(path: Path, old: Node, new: Node) -> Change:
    """A change of one value that is no text."""
    key, before, after = path[-1], _written(old), _written(new)
    kind, gravity = "setting-changed", Gravity.RULES
    if key == "required":
        kind, gravity = ("made-required", Gravity.BREAKS) if new else ("made-optional", Gravity.ADDS)
        described = _described(path[:-1])
        text = tell("%(thing)s is optional now", thing=described)
        if new:
            text = tell("%(thing)s is required now", thing=described)
        return Change(gravity, kind, path, text, before, after)
    if key in _LEAST | _MOST and path[0] != "score":
        kind, gravity = _limit(key, old, new)
    elif path[0] == "fee":
        kind = "fee-changed"
    elif path[0] == "score":
        kind = "score-changed"
    elif key in _CONDITIONS or path[0] == "computed":
        kind = "condition-changed" if key in _CONDITIONS else "computed-changed"
    elif "actions" in path:
        kind = "actions-changed"
    elif _is_texts(old) or _is_texts(new):
        kind, gravity = "text-changed", Gravity.WORDS
    text = tell("%(thing)s: %(before)s → %(after)s", thing=_described(path), before=before, after=after)
    return Change(_aside(path, gravity), kind, path, text, before, after)


def _limit(key: str, old: Node, new: Node) -> tuple[str, Gravity]:
    """A limit that leaves out what it let in, or the other way round; one that is calculated may do both."""
    try:
        low, high = (None if each is None else float(str(each).split()[0]) for each in (old, new))
    except ValueError:
        return "limit-changed", Gravity.RULES
    narrower = low is None or (high is not None and (high > low if key in _LEAST else high < low))
    return ("limit-narrowed", Gravity.BREAKS) if narrower else ("limit-widened", Gravity.ADDS)


def _aside(path: Path, gravity: Gravity) -> Gravity:
    return Gravity.ASIDE if path[0] in _ASIDE else gravity


def _described(path: Path) -> Told:
    """``pages/copies/fields/number/max`` as: max of field 'number' on page 'copies'."""
    parts: list[Told] = []
    steps = iter(path)
    for step in steps:
        name = next(steps, None) if step in _NOUNS else None
        if name is None:
            parts.append(tell("%(key)s", key=step))
        else:
            parts.append(tell("%(noun)s '%(name)s'", noun=_noun(path[0], step), name=name))
    kept = [part for part in parts if part != "workflow"] or parts
    whole = kept[0]
    for part in kept[1:]:
        on = whole.startswith("page")
        whole = (
            tell("%(part)s on %(whole)s", part=part, whole=whole)
            if on
            else tell("%(part)s of %(whole)s", part=part, whole=whole)
        )
    return whole


def _written(value: Node) -> Told:
    if value is None:
        return tell("none")
    if isinstance(value, bool):
        return tell("yes") if value else tell("no")
    if isinstance(value, list):
        return series(map(_written, value)) if value else tell("none")
    if _is_text(value):
        return series([str(next(iter(value.values())))])
    if isinstance(value, dict):
        return series(series([key, _written(each)], ": ") for key, each in value.items() if each is not None)
    return series([str(value)])


def _by_name(key: str, things: list[Node]) -> dict[str, Node]:
    name = _NAMED_BY[key]
    return {str(place + 1) if name == "#" else thing[name]: thing for place, thing in enumerate(things)}


def _of(fields: list[Node], id: str) -> Node:
    return next(field for field in fields if field["id"] == id)


def _is_text(node: Node) -> bool:
    return isinstance(node, dict) and bool(node) and all(key in LANGUAGES for key in node)


def _is_texts(node: Node) -> bool:
    return isinstance(node, list) and bool(node) and all(map(_is_text, node))


def _source(text: Mapping[str, str], language: str) -> str:
    return text.get(language) or next(iter(text.values()))
