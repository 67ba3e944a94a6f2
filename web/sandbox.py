"""Files of strangers: shown, but never with the rights of this site."""

from werkzeug.wrappers import Response


def sandboxed(response: Response) -> Response:
    """The response, in which nothing can run."""
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response


def saved_as(name: str, media_type: str) -> str:
    """The name to save a file by that was handed in as `name`: a HEIC photo is kept as JPEG, and then called so."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}.jpg" if media_type == "image/jpeg" and ending.lower() in ("heic", "heif") else name
