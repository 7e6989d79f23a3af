"""Only the matrix products of a step, as products/src/main.rs has them, by MKL through PyTorch."""

import json
import sys
from collections import Counter

import grid

THREADS = grid.threads_from_command_line()

import torch  # noqa: E402

torch.set_num_threads(THREADS)


def products(point):
    """How often a step has each product: its kind and (m, k, n)."""
    counts = Counter()
    for l, (fan_in, fan_out) in enumerate(zip(point.widths, point.widths[1:])):
        counts["x w", point.batch, fan_in, fan_out] += 1
        counts["xt d", fan_in, point.batch, fan_out] += 1
        if l > 0:
            counts["d wt", point.batch, fan_out, fan_in] += 1
    return counts


def filled(rows, columns):
    return ((3 * torch.arange(rows)[:, None] + 5 * torch.arange(columns)) % 7 - 3).double()


def time_of(kind, m, k, n, seconds):
    left = filled(k, m).T if kind == "xt d" else filled(m, k)
    right = filled(n, k).T if kind == "d wt" else filled(k, n)
    out = torch.empty(m, n, dtype=torch.float64)

    def run(times):
        for _ in range(times):
            torch.mm(left, right, out=out)

    return grid.median_us(seconds, run, 200e-6)


def measure(point, seconds):
    parts, least = {}, sys.maxsize
    counts = products(point)
    for (kind, m, k, n), count in sorted(counts.items()):
        us, times = time_of(kind, m, k, n, seconds / len(counts))
        parts[f"{kind} {m}x{k}x{n}"] = {"count": count, "us": us, "by": f"MKL on {THREADS}"}
        least = min(least, times // count)
    answer = {"median_us": sum(part["count"] * part["us"] for part in parts.values()), "steps": least, "products": parts}
    return {"loss_1": None, "loss_10": None, **answer}


grid.serve("products by MKL", THREADS, {"best products": measure})
