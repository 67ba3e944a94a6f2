"""A process of its own for reading what strangers sent, with little memory and time: whatever a file does to a library,
it does not do it to the process that serves pages.

The child is a module that is run: it calls `confine` first, reads its standard input and prints one word.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import BinaryIO

from core.errors import MadoguchiError

AT_ONCE = 2
"""Children of one process at a time; others wait."""
_ROOT = Path(__file__).resolve().parent.parent
_turns = threading.BoundedSemaphore(AT_ONCE)
_NEEDED = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "LANG")
_TOO_MUCH = 3
"""The exit code of a child that ran out of memory; a signal ends one that used up its time."""


class Exhausted(MadoguchiError):
    """Raised when the work took more memory or time than it may. Not for what is wrong with a file otherwise."""


def ask(module: str, stream: BinaryIO, *, memory: int, seconds: int) -> str:
    """What `module` says of `stream`, within `memory` bytes and `seconds` of computing. Raises `Exhausted`.

    The child knows nothing of the settings: its environment holds only what Python needs to start.
    """
    environment = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    command = [sys.executable, "-m", module, str(memory), str(seconds)]
    with _turns, tempfile.TemporaryFile() as file:
        shutil.copyfileobj(stream, file)  # one with a descriptor, wherever `stream` comes from
        file.seek(0)
        try:
            child = subprocess.run(  # noqa: S603 - our own module
                command,
                cwd=_ROOT,
                env=environment,
                stdin=file,
                capture_output=True,
                timeout=4 * seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:  # it waits for something, or the machine is very busy
            raise Exhausted(module) from None
    if child.returncode < 0 or child.returncode == _TOO_MUCH:
        raise Exhausted(module)
    if child.returncode:  # what it complains of may quote the file: only the name of the error is told
        raise RuntimeError(
            f"{module}: {child.stderr.decode().strip().rpartition(chr(10))[2].partition(':')[0]}"
        )
    return child.stdout.decode().strip()


def confine() -> None:
    """Take on the limits that `ask` gave this process; first of all, before anything of the file is read."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    _limit(resource.RLIMIT_CORE, 0)  # a core file would hold the stranger's file
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CPU, seconds)
    sys.excepthook = _end


def _limit(kind: int, most: int) -> None:
    """Never above what this process was given by its machine."""
    _, given = resource.getrlimit(kind)
    most = most if given == resource.RLIM_INFINITY else min(most, given)
    resource.setrlimit(kind, (most, most))


def _end(kind: type[BaseException], error: BaseException, trace: object) -> None:
    if issubclass(kind, MemoryError):
        os._exit(_TOO_MUCH)
    sys.__excepthook__(kind, error, trace)  # type: ignore[arg-type]
