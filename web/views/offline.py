"""What a browser shows while it has no connection: one page, and the worker that keeps it.

The worker (``web/static/js/worker.js``) keeps this page in the reader's language and what it needs to look like ours.
It keeps no other page and no answers, and has no part in sending forms; those stay in the open page (``send.js``).
"""

import json

from flask import Blueprint, Response, current_app, render_template, request, url_for

from web import access
from web.assets import FOLDER, asset
from web.request import context

blueprint = Blueprint("offline", __name__)

FILES = ("vendor/tokens.css", "css/base.css", "css/layout.css", "css/parts.css", "js/offline.js")
_GOES = "gone.js"
"""The worker that clears away what earlier ones kept, and itself."""


@blueprint.get("/offline")
@access.public
def page() -> str:
    """The page without a connection. It is fetched without cookies, and says nothing of anybody."""
    return render_template("offline.html")


@blueprint.get("/worker.js")
@access.public
def worker() -> Response:
    """The worker; browsers ask for it again and again, and take a new one when a byte of it has changed."""
    kept = {"page": url_for("offline.page"), "files": [asset(name) for name in FILES]}
    source = _source("worker.js") if context().settings.offline_page else _source(_GOES)
    response = current_app.response_class(
        f"const KEPT = {json.dumps(kept)};\n{source}", mimetype="text/javascript"
    )
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _source(name: str) -> str:
    return (FOLDER / "js" / name).read_text(encoding="utf-8")
