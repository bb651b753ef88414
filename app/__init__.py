"""The 揭榜 Jiebang application: features in a stack, see docs/ARCHITECTURE.md."""

import os

# Linear algebra runs on one thread in every process of ours: several only spin against each other under load, and sums in another
# order give other last digits. It must be said before numpy is first imported; an administrator's own setting wins.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
