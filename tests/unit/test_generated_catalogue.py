"""The catalogue that measurements are made with: the same each time, without errors, light to search."""

import time
from pathlib import Path

from procedures.checks import check_file
from procedures.compiling import compile_files
from procedures.finding.folding import fold
from procedures.finding.index import Index, Needle
from tools.bench.catalogue import generate
from tools.bench.catalogue.queries import queries


class Row:
    """A listing as the database gives it."""

    def __init__(self, id: int, columns: dict[str, str]) -> None:
        self.__dict__.update(columns, id=id, organisation_id="o")


def test_the_same_seed_makes_the_same_sound_files(tmp_path: Path) -> None:
    first = generate.write(tmp_path / "a", 15)
    second = generate.write(tmp_path / "b", 15)
    assert [path.read_text() for path in first] == [path.read_text() for path in second]
    errors = [one for path in first for one in check_file(path) if one.severity == "error"]
    assert errors == []
    assert len({path.read_text() for path in first}) == 15


def test_looking_for_a_word_takes_microseconds_a_listing(tmp_path: Path) -> None:
    """A guard against opening or folding each listing anew: generous, because other work shares the machine."""
    made = compile_files(generate.write(tmp_path, 20))
    rows = [Row(number, made[number % 20].content["listing"]) for number in range(2000)]
    index = Index(rows)
    words = [fold(word) for _, typed in queries(30) for word in typed.split()]
    start = time.thread_time()
    for word in words:
        index.ranks(Needle(word))
    each = (time.thread_time() - start) / len(words) / len(rows)
    assert each < 10e-6
