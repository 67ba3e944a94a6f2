"""`make bench-catalogue`: generates a catalogue and prints what working with it costs. Takes some minutes.

`python -m tools.bench.catalogue --number 2000 --engines sqlite` is a quick look.
"""

import argparse
import tempfile
from pathlib import Path

from tools.bench import servers
from tools.bench.catalogue import generate, parts
from tools.bench.catalogue.table import Table


def main() -> None:
    """Generate, check, publish, start, look up, search; on each engine."""
    options = argparse.ArgumentParser()
    options.add_argument("--number", type=int, default=28_000)
    options.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"])
    options.add_argument("--queries", type=int, default=900)
    options.add_argument(
        "--check-all", action="store_true", help="check every file, too, not a thousand only"
    )
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="madoguchi-catalogue-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        files = generate.write(folder / "catalogue", chosen.number)
        table = Table(
            f"{chosen.number:,} procedures, {sum(one.stat().st_size for one in files) / 1e6:.0f} MB of YAML"
        )
        compiled = parts.checking(table, files)
        table.show()
        for engine in chosen.engines:
            with servers.database(engine, folder) as url:
                table = Table(f"{chosen.number:,} procedures on {engine}")
                parts.on_database(table, folder, url, files, compiled, chosen.queries)
                table.show()


if __name__ == "__main__":
    main()
