"""Files of strangers: shown, but never with the rights of this site."""

from werkzeug.wrappers import Response


def sandboxed(response: Response) -> Response:
    """The response, in which nothing can run."""
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response
