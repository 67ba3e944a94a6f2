"""Every effect that is written into the outbox has somebody who performs it."""

import ast
from collections.abc import Iterator

from core.registry import registry
from tests.house.sources import calls, modules


def _written() -> Iterator[tuple[str, str]]:
    for path, tree in modules().items():
        for call in calls(tree, "enqueue"):
            effect = call.args[1] if len(call.args) > 1 else None
            if isinstance(effect, ast.Constant) and isinstance(effect.value, str):
                yield path, effect.value


def test_every_effect_has_a_handler() -> None:
    handlers = registry("workflows.effects", "effect")
    written = list(_written())
    assert written
    assert [(path, effect) for path, effect in written if effect not in handlers] == []
