"""`make bench-scoring`: ours beside the best installable alternative; time, peak memory, growth with the number of entries.

Every figure comes from a process of its own: least processor time of a few runs, and peak memory above that of the
interpreter with its imports. The alternatives are the dependency group `bench`; whatever is missing is printed as such.
TASK=words chooses tasks, LIMIT=60 is the patience per figure in seconds, BENCH_PYTHON another interpreter for the alternatives.
"""

from __future__ import annotations

import json
import math
import os
import platform
import resource
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.load.scoring_tasks import TASKS

ROOT = Path(__file__).parents[2]
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"), "1")


def measure_one(task: str, contestant: str, size: int) -> dict[str, Any]:
    """Inside the child: build the data, run until two seconds are spent (1 to 7 runs), report the best."""
    try:
        job = TASKS[task][1][contestant](size)
    except ImportError as error:
        return {"missing": str(error)}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    best, spent = math.inf, 0.0
    for _ in range(7):
        start = time.process_time()
        answer = job()
        took = time.process_time() - start
        best, spent = min(best, took), spent + took
        if spent > 2:
            break
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    total = answer if isinstance(answer, int) else None
    return {"seconds": best, "peak_mb": peak / 1024, "grown_mb": (peak - before) / 1024, "answer": total}


def measure(task: str, contestant: str, size: int, limit: float) -> dict[str, Any]:
    """Run one measurement in its own process."""
    python = os.environ.get("BENCH_PYTHON", sys.executable) if not contestant.startswith("scoring") else sys.executable
    command = [python, "-m", "tests.load.bench_scoring", "--one", task, contestant, str(size)]
    environment = {**os.environ, **THREADS, "PYTHONPATH": str(ROOT)}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, cwd=ROOT, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return {"late": limit}
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1][:60] if done.stderr.strip() else f"exit {done.returncode}"}
    return json.loads(done.stdout.splitlines()[-1])


def shown(figure: dict[str, Any]) -> str:
    if "missing" in figure:
        return "not installed"
    if "late" in figure:
        return f"> {figure['late']:.0f} s"
    if "failed" in figure:
        return "failed"
    seconds = figure["seconds"]
    text = f"{seconds * 1000:.2f} ms" if seconds < 0.1 else f"{seconds:.2f} s"
    return f"{text} {figure['peak_mb']:.0f} MB"


def growth(sizes: tuple[int, ...], figures: list[dict[str, Any]]) -> str:
    """Exponent of time against size over the last step that could be measured."""
    known = [(size, f["seconds"]) for size, f in zip(sizes, figures, strict=True) if f.get("seconds")]
    steps = [math.log(b[1] / a[1]) / math.log(b[0] / a[0]) for a, b in pairwise(known)]
    return " ".join(f"{step:.2f}" for step in steps) or "-"


def report(task: str, limit: float) -> None:
    """One table: contestants below each other, sizes beside each other."""
    sizes, contestants = TASKS[task]
    print(f"\n{task}", flush=True)
    print("  " + "".ljust(22) + "".join(f"{size:>20,}" for size in sizes) + "   growth")
    answers: dict[int, dict[str, int]] = {size: {} for size in sizes}
    for name in contestants:
        figures: list[dict[str, Any]] = []
        for size in sizes:
            stop = bool(figures) and not figures[-1].get("seconds")
            figures.append(figures[-1] if stop else measure(task, name, size, limit))
            if figures[-1].get("answer") is not None:
                answers[size][name] = figures[-1]["answer"]
        print("  " + name.ljust(22) + "".join(f"{shown(f):>20}" for f in figures) + f"   {growth(sizes, figures)}", flush=True)
    for size, found in answers.items():
        best = max(found.values(), default=None)
        if best is not None:
            behind = [f"{name} {best - value:,} less" for name, value in found.items() if value < best]
            print(f"  {size:,}: largest {best:,}; {', '.join(behind) or 'all find it'}")


def main() -> None:
    if len(sys.argv) == 5 and sys.argv[1] == "--one":
        print(json.dumps(measure_one(sys.argv[2], sys.argv[3], int(sys.argv[4]))))
        return
    limit = float(os.environ.get("LIMIT", "60"))
    wanted = os.environ.get("TASK", "").lower()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, one thread each; least processor time, peak memory of the process")
    for task in TASKS:
        if wanted in task.lower():
            report(task, limit)


if __name__ == "__main__":
    main()
