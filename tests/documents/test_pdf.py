"""PDF files: real pages with our words, nothing fetched, nothing missing unseen."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from app.documents.errors import GlyphsMissing
from app.documents.pdf import html_to_pdf

WRAP = "<!doctype html><html lang='zh-CN'><head><title>t</title></head><body>{pages}</body></html>"


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that notes whatever is asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_chinese_text_comes_out_as_text(app: Flask) -> None:
    assert "评审结果汇总表" in text_of(html_to_pdf(WRAP.replace("{pages}", "<h1>评审结果汇总表</h1>")))


def test_nothing_is_fetched_from_the_network_or_the_disk(app: Flask, listener: tuple[str, list[str]], tmp_path: Path) -> None:
    url, asked = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("canary-4711")
    file = secret.as_uri()
    traps = [
        f"<img src='{url}/a.png'>", f"<img src='{file}'>", f"<link rel='stylesheet' href='{url}/a.css'>",
        f"<link rel='attachment' href='{file}'>", f"<a rel='attachment' href='{file}'>x</a>", f"<object data='{url}/o.svg'></object>",
        f"<style>@import url({url}/i.css); body {{ background: url({url}/b.png) }}</style>",
        f"<style>@font-face {{ font-family: x; src: url({url}/f.ttf) }} p {{ font-family: x }}</style><p>x</p>",
        f"<svg xmlns='http://www.w3.org/2000/svg'><image href='{url}/s.png'/><use href='{file}#a'/></svg>",
        f"<embed src='{file}'>", f"<iframe src='{file}'></iframe>", f"<base href='{url}/'><img src='rel.png'>",
    ]  # fmt: skip
    for trap in traps:
        pdf = html_to_pdf(WRAP.replace("{pages}", trap))
        assert b"canary-4711" not in pdf
        assert "canary-4711" not in text_of(pdf)
        assert not PdfReader(io.BytesIO(pdf)).attachments
    assert asked == []


def test_a_character_without_a_glyph_stops_the_document(app: Flask) -> None:
    with pytest.raises(GlyphsMissing) as refused:
        html_to_pdf(WRAP.replace("{pages}", "<p>张\U000323af三</p>"))
    assert "\U000323af" in refused.value.characters


def test_metadata_names_nobody_of_the_machine(app: Flask) -> None:
    metadata = PdfReader(io.BytesIO(html_to_pdf(WRAP.replace("{pages}", "x")))).metadata
    assert set(metadata or {}) <= {"/Title", "/Producer", "/Creator", "/CreationDate", "/ModDate"}
