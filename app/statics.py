"""Static files by WhiteNoise under a prefix that changes with their content, so browsers may keep them for ever.

They are served from a folder under var/ that is made once for each state of app/static: hard links to the files,
their compressed twins, and a sprite of only those icons that the program names (20 kB instead of 1.1 MB).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from flask import Flask
from markupsafe import Markup
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from config import ROOT, Config

STATIC = ROOT / "app" / "static"
SPRITE = "vendor/bootstrap-icons/bootstrap-icons.svg"
ICONS = "icons.svg"
ICON = Markup('<svg class="icon {}" {} focusable="false"><use href="{}#{}"/></svg>')
COMPRESSED = frozenset({".css", ".js", ".mjs", ".svg", ".json"})
KEPT_FOLDERS = 3
SYMBOL = re.compile(r'<symbol[^>]*\bid="([a-z0-9-]+)".*?</symbol>', re.DOTALL)
QUOTED = re.compile(r"[\"']([a-z0-9]+(?:-[a-z0-9]+)*)[\"']")


def digest_of(folder: Path, sources: list[Path]) -> str:
    """Names, sizes and times of all files; cheap, and different whenever one of them is."""
    seen = hashlib.sha256()
    for path in [*sorted(folder.rglob("*")), *sources]:
        if path.is_file():
            stat = path.stat()
            seen.update(f"{path.relative_to(ROOT)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()[:10]


def sources_naming_icons() -> list[Path]:
    """The templates and modules in which an icon may be named."""
    return sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "app").rglob("*.py")])


def sprite_of_named_icons(sprite: str, sources: list[Path]) -> str:
    """The sprite with only those symbols whose name stands in quotes somewhere in the sources."""
    named = {word for path in sources for word in QUOTED.findall(path.read_text(encoding="utf-8"))}
    symbols = [found.group(0) for found in SYMBOL.finditer(sprite) if found.group(1) in named]
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"


def prepare(target: Path, sources: list[Path]) -> None:
    """Fill the folder that is served; processes that start together each make one, and the first to finish stays."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".making-") as making:
        fresh = Path(making) / "static"
        shutil.copytree(STATIC, fresh, copy_function=link_or_copy, ignore=shutil.ignore_patterns(Path(SPRITE).name, ".*"))
        if (STATIC / SPRITE).is_file():
            sprite = (STATIC / SPRITE).read_text(encoding="utf-8")
            (fresh / ICONS).write_text(sprite_of_named_icons(sprite, sources), encoding="utf-8")
        compressor = Compressor(use_brotli=False, quiet=True)
        for path in texts(fresh):
            compressor.compress(str(path))
        if not target.exists():
            fresh.rename(target)


def texts(folder: Path) -> Iterator[Path]:
    """The files worth compressing."""
    return (path for path in sorted(folder.rglob("*")) if path.suffix in COMPRESSED and path.stat().st_size > 1000)


def link_or_copy(source: str, target: str) -> None:
    """A hard link where the file system allows it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def forget_old(folder: Path, current: Path) -> None:
    """Remove all but the newest folders; a server that is just being replaced may still read the one before."""
    others = sorted((p for p in folder.glob("[0-9a-f]*") if p != current), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in others[KEPT_FOLDERS - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def init(app: Flask, config: Config) -> None:
    sources = sources_naming_icons()
    digest = digest_of(STATIC, sources)
    folder, prefix = config.var / "static" / digest, f"/static/{digest}/"
    if not folder.exists():
        prepare(folder, sources)
        forget_old(folder.parent, folder)
    noise = WhiteNoise(app.wsgi_app, autorefresh=False, immutable_file_test=lambda path, url: url.startswith(prefix))
    noise.add_files(str(folder), prefix=prefix)
    app.wsgi_app = noise  # type: ignore[method-assign]

    def asset(path: str) -> str:
        """URL of a file below ``app/static``."""
        return prefix + path

    @lru_cache(2000)  # pages draw some hundred icons of a few dozen kinds
    def drawn_icon(name: str, label: str = "", **more: str) -> Markup:
        """One icon from the sprite; decorative unless a label is given. ``class`` adds to its class."""
        said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
        return ICON.format(more.get("class", ""), said, asset(ICONS), name)

    app.jinja_env.globals.update(asset=asset, drawn_icon=drawn_icon)
