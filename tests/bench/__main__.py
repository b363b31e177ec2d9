"""Measures ours against a plain way of doing the same, in one run, and prints the target beside each figure.

python -m tests.bench            everything but what takes an hour
python -m tests.bench csv qr     what is named
python -m tests.bench soak       an hour of many people at once, or SOAK_MINUTES=…

The exit code is 1 where a target was missed.
"""

import sys

from tests.bench import creating, desk, door, files, load, pages, printing, sandbox
from tests.bench.timing import all_met, print_table

BENCHES = {
    "csv": files.bench_csv,
    "xlsx": files.bench_xlsx,
    "pack": files.bench_pack,
    "qr": printing.bench_qr,
    "symbol": printing.bench_symbol,
    "png": printing.bench_png,
    "cards": printing.bench_cards,
    "sandbox": sandbox.bench_sandbox,
    "batch": creating.bench_batch,
    "journal": creating.bench_journal,
    "stop": creating.bench_stop,
    "page": pages.bench_page,
    "links": pages.bench_links,
    "search": pages.bench_search,
    "claim": desk.bench_claim,
    "polls": desk.bench_polls,
    "door": door.bench_door,
    "rush": door.bench_rush,
    "start": pages.bench_start,
    "load": load.bench_load,
    "load_two": load.bench_load_two,
}

LONG = {"soak": load.bench_soak}
"""Run only where they are named."""


def main() -> None:
    chosen = sys.argv[1:] or list(BENCHES)
    known = BENCHES | LONG
    if unknown := set(chosen) - known.keys():
        sys.exit(f"{', '.join(sorted(unknown))}: no such bench; there are {', '.join(known)}.")
    for name in chosen:
        known[name]()
    print_table()
    sys.exit(not all_met())


if __name__ == "__main__":
    main()
