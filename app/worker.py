"""The job consumer's entry point: ``huey_consumer app.worker.huey``."""

from __future__ import annotations

import logging
import os

os.environ.setdefault("STATEMENT_SECONDS", "1800")  # longer than a page may take, and not for ever

from .core.jobs import huey
from .core.logs import Replaced
from .factory import create_app

app = create_app()
logging.getLogger("huey.consumer").addFilter(Replaced())

__all__ = ["app", "huey"]
