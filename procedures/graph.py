"""A procedure as a picture: its pages and its workflow, with the conditions on the arrows. SVG by Graphviz.

Needs the program `dot` of Debian's package `graphviz`. Colours only repeat what words and shapes say.
"""

import shutil
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any, Final
from xml.etree import ElementTree

from core.errors import MadoguchiError, Message
from procedures.checks.possible import impossible
from procedures.definition import FieldDefinition, Page, Procedure, State, Transition
from translations.furigana import strip
from translations.messages import translate
from translations.text import Text

SVG: Final = "http://www.w3.org/2000/svg"
FONT: Final = "Noto Sans CJK JP"
_FAMILY: Final = f"'{FONT}', 'Noto Sans JP', sans-serif"
_STYLE: Final[dict[str, dict[str, str]]] = {
    "graph": {"rankdir": "TB", "nodesep": "0.5", "ranksep": "0.6", "fontname": FONT, "fontsize": "15",
              "labeljust": "l", "color": "#767676", "bgcolor": "white", "pad": "0.3"},
    "node": {"shape": "box", "style": "rounded,filled", "fillcolor": "white", "color": "#1a1a1c",
             "fontname": FONT, "fontsize": "12", "margin": "0.1,0.04"},
    "edge": {"color": "#595959", "fontname": FONT, "fontsize": "10", "fontcolor": "#1a1a1c"},
}  # fmt: skip
_OUTCOMES: Final = {"approved": "#e3f4e8", "refused": "#fdeeee"}
_SMALL: Final = '<font point-size="10">'
_LONGEST: Final = 40
APPLY, NO, FILES, FILED = "apply", "may_not_apply", "attachments", "filed"


class NoGraphviz(MadoguchiError):
    """Raised where the program `dot` is missing."""


class _Picture:
    """Draws one procedure with the texts of one language; remembers what each node and arrow is called."""

    def __init__(self, procedure: Procedure, language: str) -> None:
        import graphviz  # only here: nobody else should wait for it

        self._procedure, self._language = procedure, language
        self.names: dict[str, str] = {"cluster_form": "form", "cluster_workflow": "workflow"}
        self._graph = graphviz.Digraph(
            format="svg", graph_attr=_STYLE["graph"], node_attr=_STYLE["node"], edge_attr=_STYLE["edge"]
        )
        self._escape = graphviz.escape

    def svg(self) -> bytes:
        """The picture as Graphviz draws it."""
        with self._graph.subgraph(name="cluster_form", graph_attr={"label": "form"}) as form:
            self._form(form)
        with self._graph.subgraph(name="cluster_workflow", graph_attr={"label": "workflow"}) as workflow:
            for name, state in self._procedure.workflow.states.items():
                self._state(workflow, name, state)
        self._arrow(self._graph, FILED, f"state:{self._procedure.workflow.start}")
        if not shutil.which("dot"):
            raise NoGraphviz
        drawn: bytes = self._graph.pipe()
        return drawn

    def _form(self, graph: Any) -> None:
        pages = sorted(self._procedure.pages, key=lambda page: not page.eligibility)
        asked = sum(page.eligibility for page in pages)
        for page in pages:
            self._node(graph, f"page:{page.id}", self.text(page.title), self._questions(page))
        last = self._chain(graph, [None], pages[:asked])
        if self._procedure.eligibility:
            lines = [f"{each.id}: {each.when}" for each in self._procedure.eligibility]
            self._node(graph, APPLY, "may apply?", lines, shape="hexagon", style="filled")
            self._node(graph, NO, "may not apply", [], peripheries="2")
            self._into(graph, last, APPLY)
            self._arrow(graph, APPLY, NO, "no")
            last = [APPLY]
        last = self._chain(graph, last, pages[asked:])
        if self._procedure.attachments:
            files = [_line(self.text(each.label), each.when) for each in self._procedure.attachments]
            self._node(graph, FILES, "attachments", files)
            self._into(graph, last, FILES)
            last = [FILES]
        signature = self._procedure.signature.level
        self._node(graph, FILED, "check and file", [] if signature == "none" else [f"signature: {signature}"])
        self._into(graph, last, FILED)

    def _chain(self, graph: Any, last: Sequence[str | None], pages: Sequence[Page]) -> list[str | None]:
        """Arrows from what came `last` through `pages`; a page with a condition can be passed by."""
        open: list[str | None] = list(last)
        for page in pages:
            name = f"page:{page.id}"
            self._into(graph, open, name, str(page.when or ""))
            open = [*open, name] if page.when else [name]
        return open

    def _into(self, graph: Any, sources: Sequence[str | None], target: str, condition: str = "") -> None:
        for source in sources:
            if source is not None and not self._exclude(source, target):
                self._arrow(graph, source, target, condition)

    def _exclude(self, source: str, target: str) -> bool:
        """Whether nobody is asked both pages, so that no way leads from one to the other."""
        pages = [self._procedure.page(name.partition(":")[2]) for name in (source, target)]
        conditions = [page.when for page in pages if page and page.when]
        places = {id: field for id, (_page, field) in self._procedure.places.items()}
        scope = {id: field.expression_type() for id, field in places.items()}
        return len(conditions) > 1 and impossible(conditions, scope, self._procedure.computed, places)

    def _questions(self, page: Page) -> list[str]:
        return [_line(self._label(field), field.when) for field in page.fields]

    def _label(self, field: FieldDefinition) -> str:
        label: Text | Message | None = field.own_label()
        if label is None:
            return field.id
        return self.text(label) if isinstance(label, Text) else strip(translate(label, self._language))

    def _state(self, graph: Any, name: str, state: State) -> None:
        here = f"state:{name}"
        lines = [f"{verb}: {value}" for action in state.actions for verb, value in action.items()]
        lines += [f"deadline: {state.deadline}"] if state.deadline else []
        extra = (
            {"peripheries": "2", "fillcolor": _OUTCOMES.get(state.outcome, "#f2f2f2")}
            if state.outcome
            else {}
        )
        self._node(graph, here, self.text(state.label) if state.label else name, lines, **extra)
        for id, transition in state.transitions.items():
            what = [self.text(transition.label) if transition.label else id, *_terms(transition)]
            self._arrow(graph, here, f"state:{transition.to or name}", *what)
        for why, target in _events(state):
            self._arrow(graph, here, f"state:{target}", why, style="dashed")

    def _node(self, graph: Any, name: str, title: str, lines: list[str], **attributes: str) -> None:
        self.names[name] = title
        rows = [f"<b>{_html(row)}</b>" for row in _rows(title)]
        rows += [f"{_SMALL}{_html(row)}</font>" for line in lines for row in _rows(line)]
        cells = "".join(f"<tr><td>{row}</td></tr>" for row in rows)
        table = f'<<table border="0" cellspacing="0" cellpadding="2">{cells}</table>>'
        graph.node(_node(name), table, **attributes)

    def _arrow(self, graph: Any, source: str, target: str, *lines: str, **attributes: str) -> None:
        said = [line for line in lines if line]
        self.names.setdefault(
            f"{source}->{target}", f"{source.partition(':')[2]} → {target.partition(':')[2]}"
        )
        label = "\n".join(f" {row} " for line in said for row in _rows(line))
        graph.edge(_node(source), _node(target), self._escape(label), **attributes)

    def text(self, text: Text) -> str:
        """`text` in the picture's language, without readings above it."""
        return strip(text.phrase(self._language).text)


def svg(procedure: Procedure, language: str | None = None) -> str:
    """The picture with a title and a description, for people who do not see it."""
    ElementTree.register_namespace("", SVG)
    picture = _Picture(procedure, language or procedure.language)
    root = ElementTree.fromstring(picture.svg())  # noqa: S314 - Graphviz's own
    named = {_node(name): title for name, title in picture.names.items()}
    for title in root.iter(f"{{{SVG}}}title"):
        title.text = named.get(title.text or "", title.text)
    for text in root.iter(f"{{{SVG}}}text"):
        text.set("font-family", _FAMILY)
    heading, description = (ElementTree.Element(f"{{{SVG}}}{tag}", {"id": tag}) for tag in ("title", "desc"))
    heading.text = picture.text(procedure.title)
    description.text = "\n".join(_described(procedure, picture))
    root.insert(0, description)
    root.insert(0, heading)
    root.attrib.update(
        {"role": "img", "aria-labelledby": "title desc", "lang": language or procedure.language}
    )
    return ElementTree.tostring(root, "unicode", xml_declaration=True)


def _described(procedure: Procedure, picture: _Picture) -> Iterator[str]:
    """The same in sentences."""
    for page in procedure.pages:
        yield f"Page {_line(picture.text(page.title), page.when)}."
    for each in procedure.attachments:
        yield f"Attachment {_line(picture.text(each.label), each.when)}."
    for name, state in procedure.workflow.states.items():
        title = picture.text(state.label) if state.label else name
        ends = f", ends as {state.outcome}" if state.outcome else ""
        yield f"State {title}{ends}."
        for id, transition in state.transitions.items():
            step = picture.text(transition.label) if transition.label else id
            target = procedure.workflow.states.get(transition.to or name)
            to = picture.text(target.label) if target and target.label else transition.to or name
            yield f"{step} → {to} ({', '.join(_terms(transition))})."
        for why, target_name in _events(state):
            yield f"{why} → {target_name}."


def _events(state: State) -> Iterator[tuple[str, str]]:
    """Where a state leads by itself."""
    for why in ("on_paid", "on_deadline", "on_won", "on_waiting", "on_lost"):
        target = getattr(state, why)
        if target:
            yield why.removeprefix("on_"), target


def _terms(transition: Transition) -> list[str]:
    """Who may take it, and when."""
    terms = [f"by {transition.by}"]
    if transition.not_by:
        terms.append(f"not by who took {', '.join(transition.not_by)}")
    if transition.when is not None:
        terms.append(f"when {transition.when}")
    return terms


def _line(text: str, condition: object) -> str:
    return f"{text} [{condition}]" if condition else text


def _rows(text: str) -> list[str]:
    return wrap(text, _LONGEST) or [""]


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _node(name: str) -> str:
    """Graphviz takes what follows a colon for a port."""
    return name.replace(":", "/")
