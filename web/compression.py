"""Pages and static files in fewer bytes, where no proxy does it: a form step must reach a phone on a slow line.

Pages are compressed quickly on each answer, static files once a process and as well as possible. What another site made
the browser ask for goes out as it is: the length of such an answer must not tell what stands beside a secret in it
(BREACH, CVE-2013-3587).
"""

import gzip
from functools import lru_cache
from pathlib import Path

import brotli
from flask import Flask, Response, current_app, request

_KINDS = frozenset(
    {"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml", "text/plain"}
)
_LEAST = 860
"""Below this, the answer fits one packet either way."""
_QUICK = 3
_BEST = 11


def install(app: Flask) -> None:
    """Compress the answers of `app`; goes before all others, so that it is the last to see an answer."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if (
        response.mimetype not in _KINDS
        or response.status_code in (204, 206, 304)
        or response.content_encoding
    ):
        return response
    response.vary.add("Accept-Encoding")
    known = request.accept_encodings
    if request.headers.get("Sec-Fetch-Site") == "cross-site" or request.method == "HEAD":
        return response
    if request.endpoint == "static" and response.status_code == 200:
        return (
            _static(response, "br" if known["br"] else "gzip") if known["br"] or known["gzip"] else response
        )
    if known["gzip"] and not response.is_streamed and (response.content_length or 0) >= _LEAST:
        _give(response, gzip.compress(response.get_data(), _QUICK, mtime=0), "gzip")
    return response


def _give(response: Response, content: bytes, encoding: str) -> None:
    response.set_data(content)
    response.content_encoding = encoding


def _static(response: Response, encoding: str) -> Response:
    name = (request.view_args or {})["filename"]
    path = Path(str(current_app.static_folder)) / name
    content = _packed(path, path.stat().st_mtime_ns, encoding)
    response.direct_passthrough = False
    tag, _weak = response.get_etag()
    _give(response, content, encoding)
    response.set_etag(f"{tag}-{encoding}")
    return response


@lru_cache(maxsize=256)
def _packed(path: Path, _changed: int, encoding: str) -> bytes:
    content = path.read_bytes()
    packed: bytes = brotli.compress(content, quality=_BEST) if encoding == "br" else gzip.compress(content, 9)
    return packed
