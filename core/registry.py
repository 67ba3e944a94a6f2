"""Plug-ins are found by name: one file in a folder is one plug-in. Nothing imports them directly."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from core.errors import MadoguchiError


class UnknownPlugin(MadoguchiError):
    """Raised when a name is looked up that no file in the folder declares; the text lists the known ones."""

    def __init__(self, kind: str, name: str, known: list[str]) -> None:
        super().__init__(f"no {kind} named '{name}'; known: {', '.join(known)}")
        self.kind, self.name, self.known = kind, name, known


def modules(package: str) -> list[Any]:
    """The modules of `package`, imported, by name; without those starting with ``_``."""
    path = importlib.import_module(package).__path__
    names = sorted(module.name for module in pkgutil.iter_modules(path) if not module.name.startswith("_"))
    return [importlib.import_module(f"{package}.{name}") for name in names]


class Registry(Mapping[str, Any]):
    """The plug-ins of one package, by name. Every module in it (but those starting with ``_``) has ``PLUGIN``.

    ``PLUGIN`` is an object with a ``name`` attribute. Duplicates raise ``ValueError`` at first use.
    """

    def __init__(self, package: str, kind: str) -> None:
        self.kind = kind
        self._plugins: dict[str, Any] = {}
        for module in modules(package):
            plugin = module.PLUGIN
            if plugin.name in self._plugins:
                raise ValueError(f"two plug-ins in {package} are named '{plugin.name}'")
            self._plugins[plugin.name] = plugin

    def __getitem__(self, name: str) -> Any:
        try:
            return self._plugins[name]
        except KeyError:
            raise UnknownPlugin(self.kind, name, sorted(self._plugins)) from None

    def __contains__(self, name: object) -> bool:
        return name in self._plugins

    def __iter__(self) -> Iterator[str]:
        return iter(self._plugins)

    def __len__(self) -> int:
        return len(self._plugins)


@cache
def registry(package: str, kind: str = "plug-in") -> Registry:
    """The registry of `package` (e.g. ``forms.fields``); `kind` names its things in errors. Built once a process."""
    return Registry(package, kind)
