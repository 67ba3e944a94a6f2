"""Answers to the script that sends forms: it is told where to go, so that one request suffices as without it."""

from flask import Flask, Response, request

HEADER = "X-Sent-By"
GO_TO = "X-Go-To"


def install(app: Flask) -> None:
    """Answer the script with the address of the next page instead of a redirect it could not see."""
    app.after_request(_tell)


def by_script() -> bool:
    """Whether a script of the page sent the request, and puts the answer into the page itself."""
    return request.headers.get(HEADER) == "page" or "HX-Request" in request.headers


def _tell(response: Response) -> Response:
    if response.status_code == 303 and request.headers.get(HEADER) == "page":
        response.headers[GO_TO] = response.headers.pop("Location")
        response.status_code = 204
        response.set_data(b"")
    return response
