"""Bytes that we made ourselves as an answer."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_answer(content: bytes, kind: str, name: str, *, inline: bool = False) -> Response:
    """A download, or with ``inline`` a page of the browser's viewer, under a name in any script."""
    way = "inline" if inline else "attachment"
    headers = {"Content-Disposition": f"{way}; filename*=UTF-8''{quote(name)}", "X-Content-Type-Options": "nosniff"}
    return Response(content, mimetype=kind, headers=headers)
