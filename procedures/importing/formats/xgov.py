"""Forms of the GOV.UK form builders: XGov's digital-form-builder, and DEFRA's later engine (version 2).

Pages lead to each other by `next` with conditions, or are in order with a condition each; components take their
options from lists.
"""

from collections.abc import Mapping
from typing import Any, Final

from core.told import tell
from procedures.importing.conditions import ALWAYS, NEVER, Condition, every
from procedures.importing.formats._xgov_components import SHOWN, Components
from procedures.importing.formats._xgov_conditions import Conditions
from procedures.importing.journey import Way, journey
from procedures.importing.model import FeeLine, Form, NotImported, Page, Question, Refusal
from procedures.importing.values import any_of, items, mapping, objects, text, whole, words

MOST_PAGES: Final = 300
MOST_LINKS: Final = 30
_SUMMARY: Final = ("summary", "SummaryPage")
_REPEATED: Final = ("RepeatPage", "RepeatingField", "RepeatingSectionPage")
"""Controllers of pages that are filled in several times."""
_OTHER_KEYS: Final = {
    "outputs": tell("where answers are sent"),
    "feeOptions": tell("payment options"),
    "payApiKey": tell("payment options"),
    "feedback": tell("feedback"),
    "specialPages": tell("texts of the confirmation page"),
    "analytics": tell("analytics"),
    "authentication": tell("signing in"),
    "exitOptions": tell("leaving and coming back"),
    "magicLinkConfig": tell("signing in by a mailed link"),
}


class Xgov:
    """The format."""

    name = "xgov"
    title = "GOV.UK digital-form-builder"

    def resembles(self, data: Any) -> bool:
        """Pages with a path, and what stands beside them."""
        whole = mapping(data)
        pages = [page for _, page in objects(whole.get("pages"), "pages")]
        beside = any(key in whole for key in ("startPage", "sections", "lists", "conditions", "engine"))
        return beside and any(isinstance(page.get("path"), str) for page in pages)

    def read(self, data: Any) -> Form:
        """The form."""
        return _Reader(mapping(data)).read()


PLUGIN = Xgov()


class _Reader:
    """Reads one form."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data, self._form = data, Form()
        self._pages: dict[str, tuple[str, Mapping[str, Any]]] = {}
        self._refusals: set[str] = set()
        self._conditions = Conditions(data, self._form)
        self._components = Components(data, self._form, self._conditions)

    def read(self) -> Form:
        data, form = self._data, self._form
        form.title = words(data.get("name")) or words(data.get("serviceName"))
        for path, page in objects(data.get("pages"), "pages"):
            if text(page.get("path")):
                self._pages.setdefault(text(page.get("path")), (path, page))
            else:
                form.left_out(path, tell("a page without a path"))
        if not self._pages:
            raise NotImported(tell("the form has no pages"))
        if len(self._pages) > MOST_PAGES:
            raise NotImported(
                tell("the form has more than %(most_pages)s pages: import its parts", most_pages=MOST_PAGES)
            )
        self._asked()
        self._charged()
        declared = words(data.get("declaration"))
        form.declarations += [declared] if declared else []
        for key, what in _OTHER_KEYS.items():
            if data.get(key) not in (None, "", [], {}, False):
                form.left_out(key, what)
        return form

    def _asked(self) -> None:
        """The pages in the order of the journey, each with its condition."""
        linked = any(items(page.get("next")) for _, page in self._pages.values())
        if linked:
            self._linked()
        else:
            for name, (path, page) in self._pages.items():
                own = self._conditions.named(page.get("condition"), f"{path}.condition")
                if own is not None and text(page.get("controller")).startswith("TerminalPage"):
                    self._refuse(name, own)
                else:
                    self._add(name, own or ALWAYS)

    def _linked(self) -> None:
        start = text(self._data.get("startPage"))
        if start not in self._pages:
            start = next(iter(self._pages))
            self._form.changed(
                "startPage", tell("no page has this path; the form begins with %(start)s", start=start)
            )
        ways = {name: self._ways(name) for name in self._pages}
        self._turn_away(journey(start, ways).conditions)
        found = journey(start, self._without_refusals(ways))
        for origin, to in found.backward:
            what = tell("it leads back to %(to)s", to=to)
            self._form.left_out(self._pages[origin][0], what, tell("let people add rows to a `group`"))
        for name in found.unreached:
            if not self._is_summary(name) and name not in self._refusals:
                self._form.left_out(
                    self._pages[name][0],
                    tell("no page leads to %(name)s", name=name),
                    tell("it is not asked"),
                )
        for name in found.order:
            self._add(name, found.conditions[name])

    def _turn_away(self, conditions: Mapping[str, Condition]) -> None:
        """Pages that end the way without a question are requirements, where others go on to file."""
        ends = [name for name in conditions if not items(self._pages[name][1].get("next"))]
        turned = [name for name in ends if conditions[name] != ALWAYS and self._is_end(name)]
        for name in turned if len(turned) < len(ends) else ():
            self._refuse(name, conditions[name])

    def _is_end(self, name: str) -> bool:
        page = self._pages[name][1]
        kinds = {text(each.get("type")) for _, each in objects(page.get("components"), "")}
        return not items(page.get("next")) and not self._is_summary(name) and kinds <= set(SHOWN)

    def _refuse(self, name: str, condition: Condition) -> None:
        path, page = self._pages[name]
        asked = self._questions(path, page, condition)
        title = words(page.get("title"))
        said = [any_of(title)] if title else []
        said += [any_of(question.options["text"]) for question in asked if question.type == "content"]
        self._refusals.add(name)
        self._form.refusals.append(Refusal(path, name, condition, {"": "\n".join(said) or name}))
        self._form.changed(
            path,
            tell("%(name)s turns people away", name=name),
            tell("it is a requirement under `eligibility` now"),
        )

    def _without_refusals(self, ways: Mapping[str, list[Way]]) -> dict[str, list[Way]]:
        """The ways of those who may apply: where only one is left, it needs no condition."""
        found = {}
        for name, links in ways.items():
            kept = [way for way in links if way.to not in self._refusals]
            usual = [way for way in links if way.when is None][-1:]
            if len(kept) == 1 and usual and usual[0].to in self._refusals:
                kept = [Way(kept[0].to)]
            found[name] = kept
        return {name: links for name, links in found.items() if name not in self._refusals}

    def _ways(self, name: str) -> list[Way]:
        """Where the page leads to."""
        path, page = self._pages[name]
        ways: list[Way] = []
        for at, link in objects(page.get("next"), f"{path}.next"):
            to = text(link.get("path"))
            if to not in self._pages:
                self._form.left_out(at, tell("it leads to %(page)s, which is not there", page=to or "?"))
                continue
            if len(ways) == MOST_LINKS:
                self._form.left_out(
                    at, tell("a page leads to %(most_links)s others at most", most_links=MOST_LINKS)
                )
                break
            ways.append(Way(to, self._conditions.named(link.get("condition"), at)))
        return ways

    def _is_summary(self, name: str) -> bool:
        controller = text(self._pages[name][1].get("controller"))
        return name == "/summary" or any(word in controller for word in _SUMMARY)

    def _add(self, name: str, condition: Condition) -> None:
        path, page = self._pages[name]
        if self._is_summary(name) or condition == NEVER:
            return
        title = words(page.get("title")) or {"": name.strip("/").replace("-", " ") or "?"}
        questions = self._questions(path, page, condition)
        when = None if condition == ALWAYS else condition
        self._form.pages.append(Page(path, name, title, None, questions, when))

    def _questions(self, path: str, page: Mapping[str, Any], condition: Condition) -> list[Question]:
        before = len(self._form.files)
        asked = [
            question
            for at, component in objects(page.get("components"), f"{path}.components")
            for question in self._components.read(at, component)
        ]
        files = self._form.files[before:]
        for file in files:
            file.when = every([condition, file.when]) if condition != ALWAYS else file.when
        return self._repeated(path, page, asked, bool(files))

    def _repeated(
        self, path: str, page: Mapping[str, Any], asked: list[Question], files: bool
    ) -> list[Question]:
        """A page that is filled in several times is a group."""
        controller, repeat = text(page.get("controller")), mapping(page.get("repeat"))
        repeats = controller.startswith(_REPEATED) or page.get("repeatField")
        inner = [each for each in asked if each.type != "content"]
        if not repeats or not inner:
            return asked
        if files:
            self._form.changed(
                path, tell("files handed in for every row"), tell("they are asked for once now")
            )
        options, limits = mapping(repeat.get("options")), mapping(repeat.get("schema"))
        least, most = whole(limits.get("min"), 0, 100) or 0, whole(limits.get("max"), 1, 200) or 20
        title = words(options.get("title")) or words(page.get("title")) or {"": "rows"}
        name = text(options.get("name")) or f"{text(page.get('path'))} rows"
        if page.get("repeatField"):
            self._form.changed(
                path,
                tell("the page was asked as often as a number said"),
                tell("people add rows themselves now"),
            )
        times = {"min": min(least, most), "max": most}
        group = Question(
            path, name, "group", title, options={"repeat": times}, fields=inner, wish=any_of(title)
        )
        return [*(each for each in asked if each.type == "content"), group]

    def _charged(self) -> None:
        for path, fee in objects(self._data.get("fees"), "fees"):
            label = words(fee.get("description")) or {"": "Fee"}
            amount = f"{text(fee.get('amount')) or '?'} pence"
            when = self._conditions.named(fee.get("condition"), path)
            times = text(fee.get("multiplier")).rsplit(".", 1)[-1] or None
            self._form.fees.append(FeeLine(path, label, amount, times, when))
