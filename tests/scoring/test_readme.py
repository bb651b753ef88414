"""The worked examples of scoring/README.md run as written."""

import doctest
from pathlib import Path

import scoring


def test_examples_of_the_readme_run() -> None:
    path = Path(scoring.__file__).parent / "README.md"
    failures, examples = doctest.testfile(str(path), module_relative=False)
    assert examples > 25
    assert failures == 0
