"""Static files by WhiteNoise under a prefix that changes with their content, so browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from config import ROOT, Config

STATIC = ROOT / "app" / "static"


def digest_of(folder: Path) -> str:
    """Names, sizes and times of all files; cheap, and different whenever one of them is."""
    seen = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            stat = path.stat()
            seen.update(f"{path.relative_to(folder)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()[:10]


def init(app: Flask, config: Config) -> None:
    prefix = f"/static/{digest_of(STATIC)}/"
    noise = WhiteNoise(
        app.wsgi_app,
        autorefresh=False,
        immutable_file_test=lambda path, url: url.startswith(prefix),
    )
    noise.add_files(str(STATIC), prefix=prefix)
    app.wsgi_app = noise  # type: ignore[method-assign]

    def asset(path: str) -> str:
        """URL of a file below ``app/static``."""
        return prefix + path

    app.jinja_env.globals["asset"] = asset
