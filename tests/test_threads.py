"""Processes of the application compute on one thread, whoever starts them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COUNT = """
import {first}
import numpy
numpy.ones((400, 400)) @ numpy.ones((400, 400))
print(open("/proc/self/status").read().split("Threads:")[1].split()[0])
"""


NEEDS = pytest.mark.skipif(not Path("/proc/self/status").exists() or (os.cpu_count() or 1) < 2, reason="counts threads through /proc")


@NEEDS
def test_matrix_products_use_one_thread_without_any_setting_of_the_environment() -> None:
    plain = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}

    def threads(first: str, **more: str) -> int:
        command = [sys.executable, "-c", COUNT.format(first=first)]
        return int(subprocess.run(command, env={**plain, **more}, cwd=ROOT, capture_output=True, text=True, check=True).stdout)

    assert threads("numpy") > 1
    assert threads("app") == 1
    assert threads("app", OPENBLAS_NUM_THREADS="2") == 2
