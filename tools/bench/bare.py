"""The bare application: Flask, Jinja and SQLAlchemy Core doing only the work that the journey's requests need.

For each request of the recorded journey it answers a page of the same size with the same number of inputs, keeps what
is posted with one durable commit after checking every field, and files once at the end. No encryption, languages,
workflow, audit, organisations or definitions: what the platform costs more is what these cost.
"""

import json
import os
import re
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask, abort, redirect, request, session
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from core.database import Database
from tools.bench.steps import FILING, REFRESH, Step

STEPS: list[Step] = json.loads(os.environ["BENCH_STEPS"])

_tables = sa.MetaData()
_drafts = sa.Table(
    "bare_drafts",
    _tables,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("document", sa.LargeBinary),
    sa.Column("version", sa.Integer),
)
_filed = sa.Table(
    "bare_filed",
    _tables,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("document", sa.LargeBinary),
)
_PAGE = """<!doctype html><html lang="ja"><title>{{ step }}</title><h1>{{ step }}</h1>
<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
{% for name in inputs %}<p><label for="{{ name }}">{{ name }}</label>
<input id="{{ name }}" name="{{ name }}" value="{{ values.get(name, '') }}"></p>
{% endfor %}<button>次へ</button></form>{{ padding }}</html>"""
_ALLOWED = re.compile(r"[^\x00-\x08]{0,4000}")

app = Flask(__name__)
app.secret_key = "bench"  # noqa: S105 - a throw-away application
CSRFProtect(app)
_TEMPLATE = app.jinja_env.from_string(_PAGE)
_database = Database(os.environ["BENCH_DATABASE"])


def make_tables() -> None:
    """Make its two tables (before the workers start)."""
    _tables.create_all(_database.engine)


@app.get("/<int:step>")
def show(step: int) -> str:
    """A page of the journey with what was typed before."""
    values: dict[str, str] = {}
    if "draft" in session:
        with _database.engine.connect() as connection:
            query = sa.select(_drafts.c.document).where(_drafts.c.id == session["draft"])
            values = json.loads(connection.execute(query).scalar_one())
    spec = STEPS[step]
    padding = "x" * max(0, spec["size"] - 400 - 120 * len(spec["inputs"]))
    return _TEMPLATE.render(step=step, inputs=spec["inputs"], values=values, padding=padding)


@app.post("/<int:step>")
def take(step: int) -> Response | str:
    """Check what was typed, keep it durably, go on."""
    typed = {name: value for name, value in request.form.items() if name != "csrf_token"}
    if not all(_ALLOWED.fullmatch(value) for value in typed.values()):
        abort(422)
    if "draft" not in session:
        session["draft"] = uuid4().hex
        _write(sa.insert(_drafts).values(id=session["draft"], document=b"{}", version=1))
    elif STEPS[step]["name"] == FILING:
        _file()
    else:
        _save(typed)
    if STEPS[step]["name"] == REFRESH:
        return show(step)
    return redirect(f"/{step + 1}", 303)


def _save(typed: dict[str, str]) -> None:
    with _database.engine.connect() as connection:
        query = sa.select(_drafts.c.document, _drafts.c.version).where(_drafts.c.id == session["draft"])
        document, version = connection.execute(query).one()
    values = json.dumps({**json.loads(document), **typed}).encode()
    _write(
        sa.update(_drafts)
        .where(_drafts.c.id == session["draft"], _drafts.c.version == version)
        .values(document=values, version=version + 1)
    )


def _file() -> None:
    with _database.engine.connect() as connection:
        query = sa.select(_drafts.c.document).where(_drafts.c.id == session["draft"])
        document = connection.execute(query).scalar_one()
    _write(sa.insert(_filed).values(id=session["draft"], document=document))


def _write(statement: sa.Executable) -> None:
    with _database.engine.connect().execution_options(writing=True) as connection:
        connection.execute(statement)
        connection.commit()
