#!/usr/bin/env python3
"""Writes the tables of page 31 anew from results.md: ours, the fastest peer, and the products alone.

    python3 benches/peers/page.py && cargo book bless 31

The sentences around them are not written by anybody else: read them again."""

import os
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "src" / "31-as-fast-as-the-machine.md"
HEAD = (
    "| point | ours | the fastest peer | ours / fastest | in quiet rounds | products alone |\n"
    "| --- | ---: | --- | ---: | ---: | ---: |\n"
)
NAMES = {"jax": "JAX", "pytorch": "PyTorch"}


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def tables(results):
    """For each number of threads, the rows that the page shows."""
    for part in results.split("\n## ")[1:]:
        head, _, *rows = [line for line in part.splitlines() if line.startswith("|")]
        head = cells(head)
        text = HEAD
        for row in map(cells, rows):
            of = dict(zip(head, row))
            peer, time = next((peer, time) for peer, time in of.items() if time.startswith("**"))
            name, variant = peer.split(": ")
            fastest = f"{time.strip('*')}, {NAMES.get(name, name)}: {variant}"
            ratios = f"{of['ours / fastest peer']} | {of['in quiet rounds']}"
            text += f"| `{of['point']}` | {of['vanishing: step']} | {fastest} | {ratios} | {of['products alone']} |\n"
        yield text


def main():
    page = PAGE.read_text()
    parts = page.split(HEAD)
    new = list(tables((HERE / "results.md").read_text()))
    if len(parts) != len(new) + 1:
        raise SystemExit(f"{PAGE}: found {len(parts) - 1} tables of peers, expected {len(new)}, as results.md has")
    text = parts[0]
    for table, rest in zip(new, parts[1:]):
        # What comes behind the old rows.
        text += table + rest[rest.index("\n\n") + 1 :]
    with tempfile.NamedTemporaryFile("w", dir=PAGE.parent, delete=False) as file:
        file.write(text)
    os.chmod(file.name, 0o644)
    os.replace(file.name, PAGE)


if __name__ == "__main__":
    main()
