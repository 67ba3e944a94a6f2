"""A small HTTP/1.1 client that costs little CPU: one kept connection, cookies, forms. Loopback only."""

import asyncio
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from tools.bench.steps import REFRESH, Step

Pair = tuple[str, str]

_NAME = re.compile(r'\bname="([^"]+)"')
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class WrongAnswer(Exception):
    """Raised when a request is not answered as the journey needs."""


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    location: str
    body: str

    def names(self) -> set[str]:
        """Names of the form's inputs."""
        return set(_NAME.findall(self.body))

    def token(self) -> Pair:
        """The form's token against forgery, as a field to send."""
        found = _TOKEN.search(self.body)
        if found is None:
            raise WrongAnswer("a page without a form")
        return "csrf_token", found[1]


@dataclass(frozen=True)
class Sample:
    """One request: what it was, how long it took in seconds, what came back."""

    name: str
    seconds: float
    status: int
    sent: int
    received: int


@dataclass
class Client:
    """One person's browser."""

    port: int
    samples: list[Sample] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)
    trail: list[Step] | None = None
    """Where to write down what was asked and answered, if it is to be repeated."""
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def get(self, name: str, path: str) -> Answer:
        """Fetch a page. Raises `WrongAnswer` when it is not there."""
        answer = await self._request(name, "GET", path, "")
        if answer.status != 200:
            raise WrongAnswer(f"{name}: GET {path} {answer.status} {answer.location}")
        self._note(name, "GET", answer, [])
        return answer

    async def post(self, name: str, path: str, fields: Iterable[Pair]) -> str:
        """Send a form; the path one is sent on to. Raises `WrongAnswer` when one is not."""
        answer = await self._send(name, path, list(fields))
        if answer.status not in {302, 303}:
            errors = re.findall(r'href="#([^"]+)"', answer.body)[:5]
            raise WrongAnswer(f"{name}: POST {path} {answer.status} {errors}")
        return answer.location

    async def refresh(self, path: str, fields: Iterable[Pair]) -> Answer:
        """Send a form that shows itself again, as its script does when an answer asks for another one."""
        answer = await self._send(REFRESH, path, list(fields))
        if answer.status != 200:
            raise WrongAnswer(f"refresh: POST {path} {answer.status}")
        return answer

    async def _send(self, name: str, path: str, sent: list[Pair]) -> Answer:
        body = "&".join(f"{quote_plus(key)}={quote_plus(value)}" for key, value in sent)
        answer = await self._request(name, "POST", path, body)
        self._note(name, "POST", answer, [pair for pair in sent if pair[0] != "csrf_token"])
        return answer

    async def close(self) -> None:
        """Close the connection."""
        if self._writer:
            self._writer.close()
            self._writer = None

    async def _request(self, name: str, method: str, path: str, body: str) -> Answer:
        start = time.perf_counter()
        content = body.encode()
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        self._writer.write(self._head(name, method, path, len(content)) + content)
        status, headers, received = await _read(self._reader)
        self._keep(headers)
        if headers.get("connection") == ["close"]:
            await self.close()
        self.samples.append(Sample(name, time.perf_counter() - start, status, len(content), len(received)))
        return Answer(status, headers.get("location", [""])[0], received.decode())

    def _head(self, name: str, method: str, path: str, length: int) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept-Language: ja"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if name == REFRESH:
            lines.append("HX-Request: true")
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {length}"]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def _note(self, name: str, method: str, answer: Answer, fields: list[Pair]) -> None:
        if self.trail is not None:
            size, inputs = len(answer.body.encode()), sorted(answer.names() - {"csrf_token", "do"})
            self.trail.append(Step(name=name, method=method, size=size, inputs=inputs, fields=fields))

    def _keep(self, headers: dict[str, list[str]]) -> None:
        for cookie in headers.get("set-cookie", ()):
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name] = value


async def _read(reader: asyncio.StreamReader) -> tuple[int, dict[str, list[str]], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers: dict[str, list[str]] = {}
    for line in head[1:]:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), []).append(value.strip())
    status = int(head[0].split(" ", 2)[1])
    if "content-length" in headers:
        return status, headers, await reader.readexactly(int(headers["content-length"][0]))
    if headers.get("transfer-encoding") == ["chunked"]:
        return status, headers, await _chunks(reader)
    return status, headers, b""


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(parts)
