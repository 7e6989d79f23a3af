#!/usr/bin/env python3
"""Writes into page 31 anew what it has from results.md: the tables with ours, the fastest peer and the products alone, the list of
their numbers, and the times that its first program counts with.

    python3 benches/peers/page.py && cargo book bless 31

The sentences around them, and the exercise `where-the-limits-meet`, are not written by anybody else: read them again."""

import os
import re
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


def declaration(tables):
    """The comment that says where the numbers of three digits and more are from."""
    texts = " ".join(cell for table in tables for row in table.splitlines()[2:] for cell in cells(row)[1:])
    numbers = {number for number in re.findall(r"\d+(?:\.\d+)?", texts) if len(number.replace(".", "")) >= 3}
    return f"<!-- numbers from benches/peers/results.md: {', '.join(sorted(numbers, key=float))} -->"


def timed(page, table):
    """The page with the times of a table in its program, where each stands behind a point, the widths and the batch."""
    for point, ours, *_ in map(cells, table.splitlines()[2:]):
        name = point.strip("`").rsplit(" ", 1)[0]
        time = f"{float(ours.lstrip('~')):.1f}"
        page = re.sub(rf'(\("{re.escape(name)}", &\w+, \d+, )[\d.]+', rf"\g<1>{time}", page)
    return page


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
    text = timed(text, new[0])
    text, found = re.subn(r"<!-- numbers from benches/peers/results\.md: .*? -->", declaration(new), text)
    if found != 1:
        raise SystemExit(f"{PAGE}: found {found} comments with the numbers from results.md, expected 1")
    with tempfile.NamedTemporaryFile("w", dir=PAGE.parent, delete=False) as file:
        file.write(text)
    os.chmod(file.name, 0o644)
    os.replace(file.name, PAGE)


if __name__ == "__main__":
    main()
