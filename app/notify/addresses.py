"""Addresses in mails are built from the configured base URL, never from a request."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from flask import current_app


def absolute(endpoint: str, **values: Any) -> str:
    """The full address of a page, safe to put into a mail."""
    config = current_app.extensions["jiebang"]
    adapter = current_app.url_map.bind("", script_name="/")
    return urljoin(config.base_url + "/", adapter.build(endpoint, values).lstrip("/"))
