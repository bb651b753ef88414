"""The job consumer's entry point: ``huey_consumer app.worker.huey``."""

from __future__ import annotations

import os

os.environ.setdefault("STATEMENT_SECONDS", "1800")  # longer than a page may take, and not for ever

from .core.jobs import huey
from .factory import create_app

app = create_app()

__all__ = ["app", "huey"]
