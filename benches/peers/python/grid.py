"""What the Python programs of the comparison share: the points of the grid, the numbers that every program starts from, the
clock, and the conversation with run.py. grid/src/lib.rs is the same for the Rust programs."""

import json
import re
import statistics
import sys
import time

import numpy as np

LEARNING_RATE = 0.01

# More layers or neurons than this are a slip of the pen.
LARGEST = 100_000


class Point:
    """A network and a batch: `784-128x5-10 B64 sigmoid` has five weight matrices, so four hidden layers of 128."""

    def __init__(self, name):
        match = re.fullmatch(r"(\d+)-(\d+)x(\d+)-(\d+) B(\d+) (relu|sigmoid|tanh)", name, re.ASCII)
        sizes = [int(size) for size in match.groups()[:5]] if match else [0]
        if not all(1 <= size <= LARGEST for size in sizes):
            raise ValueError(name)
        inputs, hidden, layers, outputs, self.batch = sizes
        self.name = name
        self.widths = [inputs] + [hidden] * (layers - 1) + [outputs]
        self.activation = match.group(6)

    def inputs(self):
        """x: (batch, inputs)."""
        return matrix(0, (self.batch, self.widths[0]), 1.0)

    def targets(self):
        """y: (batch, outputs)."""
        return matrix(1, (self.batch, self.widths[-1]), 0.5)

    def weights(self):
        """The weights of each layer, (fan_in, fan_out), of variance 1/fan_in, or 2/fan_in for ReLU. The biases are 0."""
        gain = 6.0 if self.activation == "relu" else 3.0
        shapes = zip(self.widths, self.widths[1:])
        return [matrix(2 + l, shape, (gain / shape[0]) ** 0.5) for l, shape in enumerate(shapes)]


def matrix(tensor, shape, scale):
    """Numbers in (-scale, scale), the same in every language: splitmix64, seeded by the number of the tensor."""
    count = np.arange(1, shape[0] * shape[1] + 1, dtype=np.uint64)
    x = np.uint64(tensor) + count * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    u = (x >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return ((2.0 * u - 1.0) * scale).reshape(shape)


def median_us(seconds, run, block_seconds):
    """The median time of a step in µs, and how many steps were timed, in blocks long enough for the clock not to be seen."""

    def timed(steps):
        start = time.perf_counter()
        run(steps)
        return time.perf_counter() - start

    block = 1
    while timed(block) < block_seconds:
        block *= 2
    start = time.perf_counter()
    times = [timed(block)]
    while time.perf_counter() - start < seconds:
        times.append(timed(block))
    return statistics.median(times) / block * 1e6, len(times) * block


def serve(peer, threads, variants):
    """Answers the points on the standard input with one line for each variant and an empty one, until the input ends.

    A variant is a name and a function of a point and seconds that gives the rest of the answer.
    """
    for line in sys.stdin:
        line = line.rstrip("\n")
        try:
            name, seconds = line.rsplit(" ", 1)
            point, seconds = Point(name), float(seconds)
            if not 0 <= seconds < 1e6:
                raise ValueError(seconds)
        except ValueError:
            expected = 'a point and seconds, such as "784-128x5-10 B64 sigmoid 0.3"'
            print(f"found the line {json.dumps(line)}; expected {expected}", file=sys.stderr)
            sys.exit(2)
        for variant, measure in variants.items():
            answer = {"peer": peer, "variant": variant, "point": name, "threads": threads}
            try:
                answer.update(measure(point, seconds))
            except Exception as error:  # One variant may fail, above all to compile; run.py shows why.
                answer["error"] = f"{type(error).__name__}: {error}".splitlines()[0][:300]
            print(json.dumps(answer), flush=True)
        print(flush=True)


def training(start, block_seconds=200e-6):
    """What `serve` needs, of a class whose objects train a network.

    An object is made once for a point, so that it can keep what it compiled. It has `fresh()`, back to the weights of the start,
    `run(steps)`, which waits for the last one, and `loss()`, what the last step computed, so of the weights before its update.
    """
    kept = {}

    def measure(point, seconds):
        if point.name not in kept:
            kept[point.name] = start(point)
        network = kept[point.name]
        network.fresh()
        network.run(1)
        answer = {"loss_1": network.loss()}
        network.run(10)
        answer["loss_10"] = network.loss()
        answer["median_us"], answer["steps"] = median_us(seconds, network.run, block_seconds)
        return answer

    return measure


def threads_from_command_line():
    """N of `--threads N`. To be called before the library is imported, and the process kept to N cores by whoever started it."""
    arguments = sys.argv[1:]
    if len(arguments) != 2 or arguments[0] != "--threads" or not re.fullmatch("[1-9][0-9]*", arguments[1], re.ASCII):
        print(f"found the arguments {arguments}; expected --threads N, with N at least 1", file=sys.stderr)
        sys.exit(2)
    return int(arguments[1])
