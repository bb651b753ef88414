"""Rate limits for views; the factory gives them their store (memory, or Redis where there are several processes)."""

from __future__ import annotations

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, default_limits=[], headers_enabled=True)
