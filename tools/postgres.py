"""A throw-away PostgreSQL in a folder, for tests and measurements. It refuses root, so it runs as somebody else."""

import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path

import psycopg

USER = "madoguchi"
_INITDB = ("-A", "trust", "-E", "UTF8", "--locale=C")
_SERVER = {"listen_addresses": "", "max_connections": "200", "shared_buffers": "128MB"}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def programs() -> Path | None:
    """The folder of PostgreSQL's server programs, the newest one installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


def start(folder: Path, programs: Path, *, durable: bool) -> subprocess.Popen[bytes]:
    """Make a cluster in `folder` (new; all above it readable by everybody) and start it; SIGINT stops it."""
    folder.mkdir()
    become: list[str] = []
    if os.geteuid() == 0:
        user = next(user for user in pwd.getpwall() if user.pw_name in {"postgres", "nobody"})
        os.chown(folder, user.pw_uid, user.pw_gid)
        become = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    data = folder / "data"
    initdb = [*become, str(programs / "initdb"), "-D", str(data), "-U", USER, *_INITDB]
    subprocess.run(initdb if durable else [*initdb, "-N"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
    options = [f"--{name}={value}" for name, value in (_SERVER | ({} if durable else _NOT_DURABLE)).items()]
    log = folder.with_suffix(".log")
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*become, programs / "postgres", "-D", data, "-k", folder, *options],
            stdout=out,
            stderr=out,
            cwd=folder,
            start_new_session=True,
        )
    for _ in range(300):
        if _answers(folder):
            return server
        time.sleep(0.05)
    server.kill()
    raise TimeoutError("PostgreSQL does not answer: " + log.read_text()[-2000:])


def execute(folder: Path, statement: str, database: str = "postgres") -> None:
    """Run statements (without parameters) as the owner of everything."""
    with psycopg.connect(host=str(folder), user=USER, dbname=database, autocommit=True) as connection:
        connection.execute(statement.encode())


def url(folder: Path, name: str) -> str:
    """The SQLAlchemy address of a database."""
    return f"postgresql+psycopg://{USER}@/{name}?host={folder}"


def _answers(folder: Path) -> bool:
    try:
        execute(folder, "SELECT 1")
    except psycopg.OperationalError:
        return False
    return True
