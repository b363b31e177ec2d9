"""Writes facts.json from the published OpenAPI document: `python -m tests.contract DOCUMENT`."""

import argparse
import json
from pathlib import Path

from tests.contract.facts import FILE, facts


def main(arguments: list[str] | None = None, file: Path = FILE) -> None:
    """Reads the document that the arguments name and writes its facts to a file."""
    options = argparse.ArgumentParser(prog="python -m tests.contract", description=__doc__)
    options.add_argument("document", type=Path, help="the published OpenAPI document, as JSON")
    document = json.loads(options.parse_args(arguments).document.read_text())
    file.write_text(f"{json.dumps(facts(document), indent=1, sort_keys=True)}\n")


if __name__ == "__main__":
    main()
