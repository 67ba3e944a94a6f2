"""JSON Schema of a procedure file, for editors: it completes keys and explains them while an author types.

Made from the models and the plug-ins, so that it says what they say. What depends on the rest of the file (names,
expressions, states that lead nowhere) is the business of `procedures.checks`.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema

from core.errors import Message
from core.registry import registry
from procedures import library, prefill
from procedures.definition import FieldDefinition, Procedure
from procedures.finding.occasions import CIRCUMSTANCES, LIFE_EVENTS
from translations.languages import LANGUAGES

Node = dict[str, Any]

DIALECT: Final = "http://json-schema.org/draft-07/schema#"
STORED: Final = Path(__file__).parent / "schema.json"
"""Where the house keeps the schema."""
SWITCH: Final = "# yaml-language-server: $schema="
"""How the first line of a procedure file begins that tells an editor where the schema is."""
_EXPLAINED: Final = (
    "A procedure file. Editors with a YAML language server complete and explain it when its first line is "
    f"`{SWITCH}../../schema.json`. Made by `flask procedures schema`; do not edit."
)
_FIELD: Final[Node] = {"$ref": "#/$defs/Field"}
_NAMED: Final = {"text": "Text", "expression": "Expression"}
"""What is written out once, by the comment its class puts into pydantic's schema."""


class _Generator(GenerateJsonSchema):
    """Types as the loader takes them: scalars are text first, so yes is true and a day is no number of seconds."""

    def bool_schema(self, schema: Any) -> JsonSchemaValue:  # noqa: ARG002
        return {"type": ["boolean", "string"], "pattern": "^(yes|no|true|false)$"}

    def decimal_schema(self, schema: Any) -> JsonSchemaValue:  # noqa: ARG002
        return {"type": "number"}

    def date_schema(self, schema: Any) -> JsonSchemaValue:  # noqa: ARG002
        return {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}

    def datetime_schema(self, schema: Any) -> JsonSchemaValue:  # noqa: ARG002
        return {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?$"}


def schema() -> Node:
    """The whole schema."""
    types = registry("forms.fields", "field type")
    actions = registry("workflows.actions", "action")
    models = [
        Procedure,
        *(kind.definition for kind in types.values()),
        *(each.Options for each in actions.values()),
    ]
    places, made = models_json_schema(
        [(model, "validation") for model in models], schema_generator=_Generator
    )
    definitions: Node = {name: _tidy(node) for name, node in made["$defs"].items()}
    fields = {name: _name_of(places, kind.definition) for name, kind in sorted(types.items())}
    options = {name: _name_of(places, each.Options) for name, each in sorted(actions.items())}
    _with_sources(definitions, fields)
    definitions["Field"] = _field(definitions, fields)
    definitions["Text"] = _text()
    definitions["Expression"] = _expression()
    _with_names(definitions, options)
    root = definitions.pop("Procedure")
    return {"$schema": DIALECT, "title": "Procedure", **root, "description": _EXPLAINED, "$defs": definitions}


def _name_of(places: Any, model: Any) -> str:
    name: str = places[model, "validation"]["$ref"].rpartition("/")[2]
    return name


def _tidy(node: Any) -> Any:
    """`node` without what only pydantic needs; optional things may be none, and YAML's numbers may be texts."""
    if isinstance(node, list):
        return [_tidy(each) for each in node]
    if not isinstance(node, dict):
        return node
    named = _NAMED.get(node.get("$comment", ""))
    if node.get("$comment") == "field":
        return dict(_FIELD)
    if named:
        return {"$ref": f"#/$defs/{named}", **{key: node[key] for key in ("description",) if key in node}}
    tidied = {
        key: _entries(key, value) for key, value in node.items() if key != "title" and not _idle(key, value)
    }
    return _scalar(_optional(tidied))


def _entries(key: str, value: Any) -> Any:
    """The value of a keyword; under `properties` the keys are the author's own."""
    if key in ("properties", "patternProperties"):
        return {name: _tidy(each) for name, each in value.items()}
    return value if key in ("default", "enum", "required") else _tidy(value)


def _idle(key: str, value: Any) -> bool:
    """A default that tells an author nothing."""
    return key == "default" and (value is None or isinstance(value, dict | list))


def _optional(node: Node) -> Node:
    """``anyOf: [X, null]`` as X that may be none, where X is plain: errors and completions are better for it."""
    choices = node.get("anyOf", [])
    rest = [each for each in choices if each != {"type": "null"}]
    if len(rest) != 1 or len(choices) == 1 or not isinstance(rest[0].get("type"), str | list):
        return node
    plain = dict(rest[0])
    kinds = plain["type"] if isinstance(plain["type"], list) else [plain["type"]]
    plain["type"] = [*kinds, "null"]
    if "const" in plain:
        plain["enum"] = [plain.pop("const")]
    if "enum" in plain:
        plain["enum"] = [*plain["enum"], None]
    return {**plain, **{key: value for key, value in node.items() if key != "anyOf"}}


def _scalar(node: Node) -> Node:
    """A text that may look like a number in YAML: ``value: 1``."""
    open_text = node.get("type") == "string" and not {"enum", "const", "maxLength"} & (
        node.keys() - {"maxLength"}
    )
    if open_text and re.search(node.get("pattern", ""), "12"):
        return {**node, "type": ["string", "number"]}
    return node


def _field(definitions: Node, fields: dict[str, str]) -> Node:
    """Any field: its type first, then what this type has (an `if` each, which editors complete better than `oneOf`)."""
    common = {name: definitions[fields["text"]]["properties"][name] for name in ("id", "type")}
    for name in fields.values():
        definitions[name]["properties"].update(id=True, type=True)
    kinds = [definitions[name].get("description", "") for name in fields.values()]
    kind = {
        "description": FieldDefinition.model_fields["type"].description,
        "enum": list(fields),
        "enumDescriptions": kinds,
    }
    return {
        "description": "A question, or something shown between questions.",
        "type": "object",
        "properties": {"id": common["id"], "type": kind},
        "required": ["id", "type"],
        "allOf": [
            {
                "if": {"properties": {"type": {"const": type}}, "required": ["type"]},
                "then": {"$ref": f"#/$defs/{name}"},
            }
            for type, name in fields.items()
        ],
    }


def _with_sources(definitions: Node, fields: dict[str, str]) -> None:
    """Offer a field the sources that fit its type; a type that none fits has no `prefill`."""
    for type, name in fields.items():
        properties = definitions[name]["properties"]
        fits = prefill.fitting(type)
        if fits:
            _choose(properties["prefill"], fits)
        else:
            del properties["prefill"]


def _text() -> Node:
    """A text of the file's language, or one for each language."""
    languages: Node = {tag: {"type": "string", "description": each.name} for tag, each in LANGUAGES.items()}
    return {
        "anyOf": [
            {"type": ["string", "number"], "minLength": 1},
            {
                "type": "object",
                "properties": languages,
                "additionalProperties": {"type": "string", "minLength": 1},
                "minProperties": 1,
            },
        ]
    }


def _expression() -> Node:
    """Numbers and truth values are expressions, too."""
    return {"type": ["string", "number", "boolean"], "maxLength": 2000}


def _with_names(definitions: Node, actions: dict[str, str]) -> None:
    """Put in the names that the house knows: languages, signature levels, ready-made workflows, actions."""
    _choose(
        definitions["Procedure"]["properties"]["language"],
        {tag: each.name for tag, each in LANGUAGES.items()},
    )
    levels = registry("signing.levels", "signature level")
    level = definitions["SignatureDefinition"]["properties"]["level"]
    _choose(level, {name: _first_line(each) for name, each in sorted(levels.items())})
    found_by = definitions["FindBy"]["properties"]
    _suggest(found_by["life_events"]["items"], LIFE_EVENTS)
    _suggest(found_by["circumstances"]["items"], CIRCUMSTANCES)
    workflow = definitions["Workflow"]
    _choose(workflow["properties"]["uses"], {name: library.explanation(name) for name in library.names()})
    del workflow["required"]
    workflow["anyOf"] = [{"required": ["uses"]}, {"required": ["start", "states"]}]
    workflow["properties"]["states"].pop("minProperties", None)
    for owner, key in (("Workflow", "states"), ("State", "transitions")):
        _each_value(definitions[owner]["properties"][key], _or_none)
    definitions["State"]["properties"]["actions"]["items"] = _action(definitions, actions)


def _choose(node: Node, names: dict[str, str]) -> None:
    """Turn a text into one of `names`, each with its explanation."""
    node.pop("pattern", None)
    node.pop("maxLength", None)
    node["type"] = "string"
    node["enum"] = list(names)
    node["enumDescriptions"] = list(names.values())


def _suggest(node: Node, names: Mapping[str, Message]) -> None:
    """Let an editor offer `names`; others are possible, and warned of when the file is checked."""
    other = {key: node.pop(key) for key in ("type", "pattern", "maxLength") if key in node}
    known = {"enum": list(names), "enumDescriptions": [str(words) for words in names.values()]}
    node["anyOf"] = [known, other]


def _first_line(thing: object) -> str:
    return (type(thing).__doc__ or "").partition("\n")[0]


def _each_value(node: Node, change: Callable[[Node], Node]) -> None:
    for key in ("additionalProperties", "patternProperties"):
        values = node.get(key)
        if isinstance(values, dict):
            node[key] = (
                {pattern: change(each) for pattern, each in values.items()}
                if key[0] == "p"
                else change(values)
            )


def _or_none(node: Node) -> Node:
    """None takes away what the ready-made workflow has."""
    return {"anyOf": [node, {"type": "null"}]}


def _action(definitions: Node, actions: dict[str, str]) -> Node:
    plugins = registry("workflows.actions", "action")
    properties = {
        name: {**definitions[options], "description": _first_line(plugins[name])}
        for name, options in actions.items()
    }
    for options in actions.values():
        definitions.pop(options, None)
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
