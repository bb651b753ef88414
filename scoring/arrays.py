"""The array types of the package: C order, 64-bit, positions and minor units as integers."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
SmallInts = NDArray[np.int8]
Codes = NDArray[np.uint8]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

INT_LIMIT = 2**62
