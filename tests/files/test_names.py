"""Names of uploaded files: words to show, never a path."""

from __future__ import annotations

import pytest

from app.files.names import MAX_BYTES, clean_name, disposition

HOSTILE = [
    "..", ".", "", "../../etc/passwd", "/etc/passwd", "..\\..\\boot.ini", "C:\\a.pdf", "a\0b.pdf", "a\r\nSet-Cookie: x=1.pdf",
    "con", "CON.pdf", "aux.txt", "nul", "com1.pdf", "lpt9.doc", "a\u202efdp.exe", "\u200fa.pdf", "\ufeffa.pdf", "a\tb.pdf",
    "业" * 300 + ".pdf", "a" * 5000, "a." + "b" * 300, " a.pdf ", "...a.pdf", "a.pdf...", "a/b/c.pdf", 'a"b.pdf', "a'b.pdf",
    "<script>.pdf", "a?.pdf", "a*.pdf", "a|b.pdf", "a:b.pdf", "a;b.pdf", "%2e%2e%2f.pdf", "a%00.pdf", "~/.ssh/id", ".htaccess",
    ".pdf", "é.pdf", "e\u0301.pdf", "🙂.pdf", "\x7f.pdf", "\x1b[31m.pdf", "a\u2028b.pdf", "=cmd.xlsx", "-rf.pdf", "$(id).pdf",
    "`id`.pdf", "a\nb.pdf", "\u0085.pdf", "\u2066a\u2069.pdf", "PRN", "com9.tar.gz", "a.pdf/", "\\\\host\\share\\a.pdf",
]  # fmt: skip


def test_the_corpus_is_large_enough() -> None:
    assert len(set(HOSTILE)) >= 50


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_becomes_harmless(name):
    clean = clean_name(name)
    assert clean not in {"", ".", ".."}
    assert not set('/\\:*?"<>|') & set(clean)
    assert clean.isprintable()
    assert len(clean.encode()) <= MAX_BYTES
    assert clean == clean_name(clean)
    assert clean.split(".")[0].lower() not in {"con", "aux", "nul", "com1", "lpt9"}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_header_stays_one_ascii_line(name):
    header = disposition(clean_name(name), inline=False)
    assert header.isascii()
    assert header.isprintable()
    assert header.startswith('attachment; filename="')
    assert header.count('"') == 2


def test_an_ordinary_name_is_kept():
    assert clean_name("项目计划书 v2.pdf") == "项目计划书 v2.pdf"
    assert disposition("计划.pdf", inline=True) == "inline; filename=\"__.pdf\"; filename*=UTF-8''%E8%AE%A1%E5%88%92.pdf"
