"""The job consumer's entry point: ``huey_consumer app.worker.huey``."""

from __future__ import annotations

from .core.jobs import huey
from .factory import create_app

app = create_app()

__all__ = ["app", "huey"]
