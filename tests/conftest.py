"""Fixtures for all tests; each module of `tests.fixtures` says what it lends."""

import os
import signal

import pytest

from tests.fixtures import run

pytest_plugins = (
    "tests.fixtures.databases",
    "tests.fixtures.contexts",
    "tests.fixtures.offices",
    "tests.fixtures.servers",
    "tests.fixtures.web",
    "tests.fixtures.language_server",
    "tests.fixtures.openid",
    "tests.fixtures.thrift",
)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        for name in [name for name in os.environ if name.startswith("MADOGUCHI_")]:
            del os.environ[name]
        signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
        run.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        run.end()
