"""Delivering a stored file after a policy allowed it: digest checked, saved by default, never run by the browser."""

from __future__ import annotations

from flask import Response, send_file

from .kinds import INLINE
from .models import Blob
from .names import clean_name, disposition
from .setup import storage

SANDBOX = "default-src 'none'; sandbox"
# Chromium's own PDF viewer shows nothing in a sandboxed document; what was stored as a PDF was found to be one, and nosniff holds.
VIEWER = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def send_blob(blob: Blob, *, name: str = "", inline: bool = False) -> Response:
    """The file as an answer. ``name`` replaces the sender's; ``inline`` is honoured for PDF and pictures only."""
    store = storage()
    path = store.fetch(blob.key, blob.sha256)
    shown = inline and blob.content_type in INLINE
    response = send_file(path, mimetype=blob.content_type, conditional=True, etag=False, last_modified=None)
    response.headers["Content-Disposition"] = disposition(clean_name(name or blob.name), inline=shown)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = VIEWER if shown and blob.content_type == "application/pdf" else SANDBOX
    response.headers["Cache-Control"] = "no-store, private"
    response.headers.pop("Last-Modified", None)
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if store.is_temporary(path):
        response.call_on_close(lambda: path.unlink(missing_ok=True))
    return response


def read_blob(blob: Blob) -> bytes:
    """The whole content, digest checked; for documents made from files."""
    store = storage()
    path = store.fetch(blob.key, blob.sha256)
    try:
        return path.read_bytes()
    finally:
        if store.is_temporary(path):
            path.unlink(missing_ok=True)
