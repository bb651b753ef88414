"""Static files: hashed addresses, compressed twins, and only the icons that are used."""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import statics


def test_a_static_file_may_be_kept_for_ever_and_travels_compressed(app: Flask, client: FlaskClient) -> None:
    address = app.jinja_env.globals["asset"]("css/components.css")
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in plain.headers["Cache-Control"]
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == (statics.STATIC / "css/components.css").read_bytes()


def test_the_sprite_holds_the_named_icons_and_no_others(tmp_path: Path) -> None:
    sprite = '<svg><symbol viewBox="0 0 1 1" id="alarm"><path/></symbol>\n<symbol id="bell-fill"><path/></symbol></svg>'
    page = tmp_path / "page.html"
    page.write_text('{{ icon("bell-fill") }} {{ icon("unheard-of") }}', encoding="utf-8")
    small = statics.sprite_of_named_icons(sprite, [page])
    assert re.findall(r'id="([^"]+)"', small) == ["bell-fill"]


def test_every_icon_named_in_a_template_exists() -> None:
    file = statics.STATIC / statics.SPRITE
    if not file.is_file():
        pytest.skip("the browser files have not been fetched (make run or make test does it)")
    known = set(re.findall(r'<symbol[^>]*\bid="([^"]+)"', file.read_text(encoding="utf-8")))
    named = re.compile(r"""(?:\bicon\(|icon_name=|["']icon["']:\s*|\bicon=)\s*["']([a-z0-9-]+)["']""")
    wrong = {
        f"{path.name}: {name}"
        for path in statics.sources_naming_icons()
        for name in named.findall(path.read_text(encoding="utf-8"))
        if name not in known
    }
    assert wrong == set()


def test_old_folders_are_forgotten_but_not_the_last_ones(tmp_path: Path) -> None:
    for age, name in enumerate(("a1", "b2", "c3", "d4")):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    statics.forget_old(tmp_path, tmp_path / "a1")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a1", "b2", "c3"]
