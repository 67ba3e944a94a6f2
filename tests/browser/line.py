"""The line of a phone: slow, cut, and back again, for pages with and without scripts."""

from dataclasses import dataclass

from playwright.sync_api import Page, Request, Route


@dataclass(frozen=True)
class Speed:
    """How much a line carries each way, and how long it takes until an answer begins."""

    kilobits: int
    milliseconds: int


SLOW = Speed(400, 400)
"""3G in a train."""
FAIR = Speed(1600, 50)
"""Enough to see that nothing depends on a fast one, for tests that run all the time."""


class Line:
    """What a page has to the platform."""

    def __init__(self, page: Page, speed: Speed = SLOW) -> None:
        self._speed = speed
        self._protocol = page.context.new_cdp_session(page)
        self._protocol.send("Network.enable")
        self.slow()

    def slow(self) -> None:
        """As on the way through a station; also after it was cut."""
        self._be(offline=False)

    def cut(self) -> None:
        """Into the tunnel."""
        self._be(offline=True)

    def _be(self, offline: bool) -> None:
        bytes_each_second = self._speed.kilobits * 1000 / 8
        self._protocol.send(
            "Network.emulateNetworkConditions",
            {
                "offline": offline,
                "latency": self._speed.milliseconds,
                "downloadThroughput": bytes_each_second,
                "uploadThroughput": bytes_each_second,
            },
        )


def lose_first_answer(page: Page, pattern: str) -> list[Request]:
    """The server takes the first thing that is sent to `pattern`, and nobody hears of it."""
    lost: list[Request] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.request)
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    page.route(pattern, lose)
    return lost
