"""The array types of the package (C order, 64-bit, positions and minor units as integers) and sums by position."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.errors import InvalidRule

Ints = NDArray[np.int64]
SmallInts = NDArray[np.int8]
Codes = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]

INT_LIMIT = 2**62


def whole(values: Any, field: str) -> Ints:
    """Positions, counts or codes as 64-bit integers; anything else than whole numbers is refused, never cut. Raises InvalidRule."""
    array = np.asarray(values)
    exact = array.dtype.kind in "iub" or not array.size
    if not exact and (array.dtype.kind != "f" or not bool((np.isfinite(array) & (array == np.trunc(array))).all())):
        raise InvalidRule("these must be whole numbers", {"field": field})
    return array.astype(np.int64, copy=False)


def sum_by(index: Ints, weights: Floats, size: int) -> Floats:
    """Sums of `weights` by position, always as floats and always added in the order of the rows."""
    return np.bincount(index, weights, size).astype(np.float64, copy=False)
