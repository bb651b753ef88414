"""The worked examples of scoring/README.md run as written."""

import doctest
import re
from pathlib import Path

import scoring


def test_examples_of_the_readme_run() -> None:
    path = Path(scoring.__file__).parent / "README.md"
    failures, examples = doctest.testfile(str(path), module_relative=False)
    assert examples > 50
    assert failures == 0


def test_the_readme_follows_the_way_of_a_mark() -> None:
    text = (Path(scoring.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\d+)\.", text, re.M) == [str(n) for n in range(1, 13)]
