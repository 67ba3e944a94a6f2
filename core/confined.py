"""A process of its own for reading what strangers sent, with little memory and time: whatever a file does to a library,
it does not do it to the process that serves pages.

The child is a module that is run: it calls `confine` first, reads its standard input and prints a word or another file.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, BinaryIO

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
    """The word that `module` says of `stream`; see `run`."""
    with run(module, stream, memory=memory, seconds=seconds) as said:
        return said.read().decode().strip()


def run(module: str, stream: BinaryIO, *words: str, memory: int, seconds: int) -> BinaryIO:
    """What `module`, told `words`, makes of `stream`: a file, open at its start, that is gone once it is closed.

    The module has `memory` bytes and `seconds` of computing. Raises `Exhausted`.
    """
    command = [sys.executable, "-m", module, str(memory), str(seconds), *words]
    made = tempfile.TemporaryFile()  # noqa: SIM115 - it is handed back
    try:
        with _turns, tempfile.TemporaryFile() as given:
            shutil.copyfileobj(stream, given)  # one with a descriptor, wherever `stream` comes from
            given.seek(0)
            _work(command, given, made, seconds)
    except BaseException:
        made.close()
        raise
    made.seek(0)
    return made


def _work(command: list[str], given: IO[bytes], made: IO[bytes], seconds: int) -> None:
    """The child knows nothing of the settings: its environment holds only what Python needs to start."""
    environment = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    module = command[2]
    try:
        child = subprocess.run(  # noqa: S603 - our own module
            command,
            cwd=_ROOT,
            env=environment,
            stdin=given,
            stdout=made,
            stderr=subprocess.PIPE,
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


def confine() -> list[str]:
    """Take on the limits that `run` gave this process, before anything of the file is read: the words it was told."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    _limit(resource.RLIMIT_CORE, 0)  # a core file would hold the stranger's file
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_FSIZE, memory)  # nor does it fill the disk
    _limit(resource.RLIMIT_CPU, seconds)
    sys.excepthook = _end
    return sys.argv[3:]


def _limit(kind: int, most: int) -> None:
    """Never above what this process was given by its machine."""
    _, given = resource.getrlimit(kind)
    most = most if given == resource.RLIM_INFINITY else min(most, given)
    resource.setrlimit(kind, (most, most))


def _end(kind: type[BaseException], error: BaseException, trace: object) -> None:
    if issubclass(kind, MemoryError):
        os._exit(_TOO_MUCH)
    sys.__excepthook__(kind, error, trace)  # type: ignore[arg-type]
