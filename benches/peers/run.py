#!/usr/bin/env python3
"""Installs the programs of the comparison, asks each of them for each point in turn, and writes the table.

Standard library only: what the programs need is installed into target/peers.
"""

import argparse
import csv
import datetime
import hashlib
import io
import json
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / "target" / "peers"

POINTS = (HERE / "points.txt").read_text().splitlines()

OURS = ("vanishing", "step")


def main():
    options = command_line()
    commands, missing = install()
    if OURS[0] not in commands:
        sys.exit(f"there is nothing to compare: {OURS[0]} {missing[OURS[0]]}")
    rows = []
    for threads in options.threads:
        programs = {}
        for name, command in commands.items():
            programs[name] = Program(name, command, threads)
        for number, point in enumerate(options.points, 1):
            say(f"{threads} thread(s), point {number} of {len(options.points)}: {point}")
            rows += measure(programs, point, threads, options, missing)
            # After each point, so that a long run that is stopped has not been for nothing.
            write(options.out, table(rows, missing, options))
            write(options.out.with_suffix(".csv"), as_csv(rows))
        for program in programs.values():
            program.stop()
    say(f"wrote {options.out} and {options.out.with_suffix('.csv')}")


def command_line():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", default="1", help="thread counts, such as 1,2 (default 1)")
    parser.add_argument("--points", default="", metavar="FILTER", help="only the points that contain this")
    parser.add_argument("--rounds", type=int, default=5, help="how often each program is asked for each point (default 5)")
    parser.add_argument("--seconds", type=float, default=0.3, help="how long it then measures each variant (default 0.3)")
    parser.add_argument("--out", type=Path, default=TARGET / "table.md", help="the table; its numbers go next to it, as .csv")
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    wanted = options.threads.split(",")
    if not all(threads.isdecimal() and 1 <= int(threads) <= cores for threads in wanted):
        parser.error(f"--threads {options.threads}: expected numbers from 1 to {cores}, the cores there are, such as 1,2")
    options.threads = [int(threads) for threads in wanted]
    found = [point for point in POINTS if options.points in point]
    if not found:
        parser.error(f"no point contains {options.points!r}; there are: {', '.join(POINTS)}")
    options.points = found
    if options.rounds < 1:
        parser.error(f"--rounds {options.rounds}: expected at least 1")
    if not 0 < options.seconds < 1e6:
        parser.error(f"--seconds {options.seconds}: expected a positive number")
    if not options.out.parent.is_dir() and options.out.parent != TARGET:
        parser.error(f"--out {options.out}: there is no folder {options.out.parent}")
    if options.out.suffix == ".csv":
        parser.error(f"--out {options.out}: this is the table, in Markdown; the numbers go next to it, as .csv")
    return options


class NotInstalled(Exception):
    pass


def rust(package, *features, **environment):
    """Builds a package of the Cargo workspace and gives its command."""
    build = ["cargo", "build", "--release", "--locked", "--quiet", "--package", f"peer-{package}", *features]
    run(build, cwd=HERE, env={**os.environ, **environment, "CARGO_TARGET_DIR": str(TARGET)})
    # Under a name of its own: with other features, Cargo would write the next program over this one.
    program = TARGET / "-".join(["peer", package, *features[1:]])
    shutil.copy2(TARGET / "release" / f"peer-{package}", program)
    return [str(program)]


def candle_with_mkl():
    """Candle's crate for MKL looks for it under MKLROOT; PyPI has the library to link with."""
    pip_install("requirements-mkl.txt", TARGET / "mkl")
    program = rust("candle", "--features", "mkl", MKLROOT=str(TARGET / "mkl"))
    # MKL itself is in the program then, but not the library of its threads.
    return ["env", f"LD_LIBRARY_PATH={TARGET / 'mkl' / 'lib'}", *program]


def python(program, requirements):
    """Installs what a program in `python` needs and gives its command."""
    pip_install(requirements, TARGET / "venv")
    return [str(TARGET / "venv" / "bin" / "python"), str(HERE / "python" / program)]


def pip_install(requirements, place):
    """Does nothing if the same requirements were installed before, so that a run needs no network then."""
    wanted = HERE / "python" / requirements
    stamp = place / f"{requirements}.installed"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    if not (place / "bin" / "python").exists():
        venv.create(place, with_pip=True)
    run([str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "--requirement", str(wanted)])
    stamp.write_text(digest)


def run(command, **options):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    except OSError as error:
        raise NotInstalled(f"{command[0]}: {error.strerror}") from None
    if done.returncode != 0:
        say(done.stdout)
        said = done.stdout.strip().splitlines() or ["it said nothing"]
        raise NotInstalled(f"{shlex.join(command)} failed: {said[-1]}")


# Seconds before each turn with more than one thread: those of OpenMP go on asking for work for up to a fifth of a second after their
# last, and the next program would share the cores with them.
REST = 0.3

# Ours is first, so that the others are checked against it.
PROGRAMS = {
    "vanishing": lambda: rust("vanishing"),
    "ndarray": lambda: rust("ndarray"),
    "candle": lambda: rust("candle"),
    "candle with MKL": candle_with_mkl,
    "burn": lambda: rust("burn"),
    "jax": lambda: python("jax_steps.py", "requirements-jax.txt"),
    "pytorch": lambda: python("pytorch.py", "requirements-pytorch.txt"),
    "products": lambda: rust("products"),
    "products by MKL": lambda: python("products.py", "requirements-pytorch.txt"),
}


def install():
    """The command of each program that could be installed, and why the others could not."""
    TARGET.mkdir(parents=True, exist_ok=True)
    commands, missing = {}, {}
    for name, program in PROGRAMS.items():
        say(f"installing {name}")
        try:
            commands[name] = program()
        except NotInstalled as failure:
            missing[name] = f"could not be installed: {failure}"
    return commands, missing


class Program:
    """A program of the comparison, running, and kept to as many cores as it has threads."""

    def __init__(self, name, command, threads):
        self.name = name
        self.log = TARGET / f"{name}.log"
        cores = sorted(os.sched_getaffinity(0))[:threads]
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [*command, "--threads", str(threads)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                # Candle asks this and not the pool, and with too many threads takes seven times as long for a small step.
                env={**os.environ, "RAYON_NUM_THREADS": str(threads)},
                # Whatever a library thinks of threads: it has these cores and no others.
                preexec_fn=lambda: os.sched_setaffinity(0, cores),
            )

    def ask(self, point, seconds):
        """One answer for each variant of the program; an empty line ends them."""
        answers = []
        try:
            self.process.stdin.write(f"{point} {seconds}\n")
            self.process.stdin.flush()
            while (line := self.process.stdout.readline()) != "\n":
                answers.append(json.loads(line))
        except (OSError, ValueError):
            said = self.log.read_text().strip().splitlines() or ["it said nothing"]
            raise Died(f"stopped at {point}: {said[-1]}") from None
        return answers

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Died(Exception):
    pass


def measure(programs, point, threads, options, missing):
    """One row for each round and variant. The programs take turns, so that a slow minute of the machine is everybody's."""
    rows, names = [], list(programs)
    for turn in range(options.rounds):
        shift = turn % len(names)
        answers = {}
        for name in names[shift:] + names[:shift]:
            if name not in programs:
                continue
            if threads > 1:
                time.sleep(REST)
            try:
                answers[name] = programs[name].ask(point, options.seconds)
            except Died as died:
                say(f"{name} {died}")
                missing[name] = f"on {threads} thread(s) {died}"
                del programs[name]
        if OURS[0] not in answers:
            sys.exit(f"{point}: there is nothing to compare: {OURS[0]} {missing[OURS[0]]}")
        for name in [name for name in names if name in answers]:
            for answer in answers[name]:
                if "error" in answer:
                    variant = f"{name}: {answer['variant']}"
                    missing.setdefault(variant, f"failed at {point} on {threads} thread(s): {answer['error']}")
                    continue
                check(answer, answers[OURS[0]][0])
                rows.append({"round": turn + 1, **answer})
    return rows


def check(answer, first):
    """All compute the same, or the times mean nothing."""
    for key in ["loss_1", "loss_10"]:
        found, expected = answer[key], first[key]
        if found is None:  # The products alone have no loss.
            continue
        if not abs(found - expected) <= 1e-9 * abs(expected):
            who = f"{answer['peer']}, {answer['variant']}"
            sys.exit(f"{answer['point']}: {who}: found {key} = {found!r}; expected {expected!r}, as {first['peer']} has it")


def medians(rows):
    """The median over the rounds, by (threads, point), then by (peer, variant), and whether the rounds differ by a half."""
    times = {}
    for row in rows:
        of_point = times.setdefault((row["threads"], row["point"]), {})
        of_point.setdefault((row["peer"], row["variant"]), []).append(row["median_us"])
    unsure = {(key, who) for key, of in times.items() for who, all_of in of.items() if max(all_of) > 1.5 * min(all_of)}
    return {key: {who: statistics.median(all_of) for who, all_of in of.items()} for key, of in times.items()}, unsure


def quietest(rows):
    """By (threads, point): ours over the fastest peer's, each by its fastest round. What else a shared machine does only adds time."""
    fastest = {}
    for row in rows:
        if "products" in row:
            continue
        of_point = fastest.setdefault((row["threads"], row["point"]), {})
        who = (row["peer"], row["variant"])
        of_point[who] = min(of_point.get(who, row["median_us"]), row["median_us"])
    return {
        key: of[OURS] / min(peers)
        for key, of in fastest.items()
        if (peers := [time for (peer, _), time in of.items() if peer != OURS[0]])
    }


def least_products(rows):
    """By (threads, point): the sum of the products of a step, each by whoever computes it fastest."""
    times = {}
    for row in rows:
        for product, part in row.get("products", {}).items():
            of_product = times.setdefault((row["threads"], row["point"]), {}).setdefault(product, {})
            of_product.setdefault(row["peer"], []).append(part["count"] * part["us"])
    return {
        key: sum(min(map(statistics.median, by_peer.values())) for by_peer in of.values()) for key, of in times.items()
    }


def table(rows, missing, options):
    """The Markdown that a person reads."""
    (by_point, unsure), products, quiet = medians(rows), least_products(rows), quietest(rows)
    columns = list(dict.fromkeys((row["peer"], row["variant"]) for row in rows if "products" not in row))
    lines = ["# A training step: median µs, f64", ""]
    for threads in dict.fromkeys(threads for threads, _ in by_point):
        heads = [f"{peer}: {variant}" for peer, variant in columns]
        heads = ["point", *heads, "products alone", "ours / fastest peer", "in quiet rounds", "ours / products"]
        lines += [f"## {threads} thread(s)", "", "| " + " | ".join(heads) + " |", "| --- |" + " ---: |" * (len(heads) - 1)]
        for (of, point), times in by_point.items():
            if of != threads:
                continue
            peers = [time for (peer, variant), time in times.items() if (peer, variant) in columns and peer != OURS[0]]
            fastest, ours = min(peers, default=None), times.get(OURS)
            cells = []
            for column in columns:
                time = times.get(column)
                bold = "**" if time is not None and time == fastest and column[0] != OURS[0] else ""
                mark = "~" if ((threads, point), column) in unsure else ""
                cells.append(f"{bold}{mark}{number(time)}{bold}")
            least = products.get((threads, point))
            cells += [number(least), ratio(ours, fastest), ratio(quiet.get((threads, point)), 1), ratio(ours, least)]
            lines.append(f"| {point} | " + " | ".join(cells) + " |")
        lines.append("")
    lines += [f"Missing: {name}, {why}." for name, why in missing.items()]
    lines += [""] if missing else []
    return "\n".join(lines + about(options)) + "\n"


def about(options):
    """What has to be known to repeat it."""
    model = platform.processor()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
    rust = subprocess.run(["rustc", "--version"], capture_output=True, text=True, cwd=HERE).stdout.strip()
    pinned = [path.read_text().split() for path in sorted((HERE / "python").glob("requirements-*.txt"))]
    wanted = ("jax==", "jaxlib==", "mkl-static==", "numpy==", "torch==")
    versions = [pin for pin in dict.fromkeys(sum(pinned, [])) if pin.startswith(wanted)]
    lock = (HERE / "Cargo.lock").read_text().split("[[package]]")
    for crate in ["burn", "candle-core", "faer", "gemm", "ndarray"]:
        found = [package.split('"')[3] for package in lock if package.startswith(f'\nname = "{crate}"\n')]
        versions += [f"{crate} {version}" for version in found]
    command = shlex.join(["python3", "benches/peers/run.py", *sys.argv[1:]])
    return [
        "Bold: the fastest peer. ~: the slowest round took over half as long again as the fastest. In quiet rounds: each by its fastest round.",
        "",
        f"{model}, {os.cpu_count()} cores, {platform.system()}; {datetime.date.today()}.",
        f"Python {platform.python_version()}, {rust}; {', '.join(versions)}.",
        f"`{command}`: median of {options.rounds} rounds of {options.seconds} s.",
    ]


def number(us):
    """Three digits are more than the noise leaves."""
    if us is None:
        return "–"
    return f"{us:.0f}" if us >= 100 else f"{us:.3g}"


def ratio(ours, other):
    return "–" if ours is None or other is None else f"{ours / other:.2f}"


def as_csv(rows):
    text = io.StringIO()
    names = ["threads", "point", "peer", "variant", "round", "median_us", "steps", "loss_1", "loss_10"]
    writer = csv.DictWriter(text, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write(path, text):
    """All of it or nothing."""
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(text)
    os.replace(unfinished, path)


def say(text):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
