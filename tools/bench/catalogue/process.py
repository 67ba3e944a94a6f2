"""A web process as it starts: from nothing to its first pages and searches, and the memory it takes."""

import time

START = time.perf_counter()


def main() -> None:
    """Print `what|figure` lines."""
    from wsgi import app

    client = app.test_client()
    empty = _memory()

    def page(**query: str) -> float:
        start = time.perf_counter()
        answer = client.get("/", query_string=query)
        if answer.status_code != 200:
            raise SystemExit(f"the list answers {answer.status}")
        return time.perf_counter() - start

    client.get("/verify/")
    ready = time.perf_counter() - START
    first = page()
    for words in ("住民票", "juminhyo", "juuminhyuo", "parking permit", "中小企業 助成金"):
        page(q=words)
    pages = sorted(page(q=words) for words in ("固定資産税", "nozei", "公園 利用予約", "restaurant", "ごみ"))
    print(f"web process: until it answers|{ready:.1f} s")
    print(f"web process: its first list, for which the index is made|{first:.2f} s")
    print(f"web process: a page of results|{pages[len(pages) // 2] * 1000:.0f} ms (median of {len(pages)})")
    print(f"web process: memory|{_memory():.0f} MB resident (before its first page {empty:.0f} MB)")


def _memory() -> float:
    """Resident memory in megabytes (Linux)."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


if __name__ == "__main__":
    main()
