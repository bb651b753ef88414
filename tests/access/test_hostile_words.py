"""Hostile words in every place where people write: no page, mail or document turns them into anything but text."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from markupsafe import escape
from sqlalchemy import Connection, select

from app.notify.models import Message

from .addresses import Addresses
from .crawling import crawl, endpoint, open_to
from .crowd import Crowd
from .hostile import CALL, COMPUTED, PAYLOADS, TAG, plant
from .story import Contest, telling

#: Who reads in which phase; a page that one of them has read is not read again.
READERS = {
    "judging": ("judge", "recused", "leader", "organizer", "supervisor"),
    "released": ("visitor", "leader", "organizer", "host", "supervisor", "officer", "admin", "auditor"),
}
ADDRESSES = ("href", "src", "action", "formaction", "data", "srcdoc", "xlink:href")
#: Where addresses of our own lead; whatever else stands there was somebody's word.
OURS = ("http://localhost", "mailto:", "tel:", "data:image/", "webcal:", "#", "/", "?", "files/")


def escapes(page: str) -> list[str]:
    """Whatever of the payloads came alive in the page: elements, handlers, addresses, scripts, sums."""
    tree = BeautifulSoup(page, "html5lib")
    found = [f"<{TAG}>"] if tree.find(TAG) else []
    for tag in tree.find_all(True):
        found += [f"{tag.name} {name}" for name in tag.attrs if name.startswith("on")]
        led = [str(tag[name]).strip() for name in ADDRESSES if tag.has_attr(name)]
        found += [f"{tag.name} to {to[:60]}" for to in led if to and (not to.startswith(OURS) or to.startswith("//"))]
        found += [f"script {tag.get_text()[:60]}"] if tag.name == "script" and CALL in tag.get_text() else []
    return found + ([COMPUTED] if COMPUTED in tree.get_text() else [])


def test_the_eye_sees_what_comes_alive() -> None:
    """The same words printed without care, in the text, in a value and as an address."""
    alive = {payload for payload in PAYLOADS if escapes(f"<p>{payload}</p>")}
    alive |= {payload for payload in PAYLOADS for quote in "\"'" if escapes(f"<input value={quote}{payload}{quote}>")}
    alive |= {payload for payload in PAYLOADS if escapes(f'<a href="{payload}">x</a>')}
    assert {payload for payload in PAYLOADS if TAG in payload or CALL in payload} - alive <= {f"\\u003c{TAG}\\u003e"}
    assert escapes(f"<p>{COMPUTED}</p>") == [COMPUTED]
    assert escapes("<p>" + "".join(str(escape(payload)) for payload in PAYLOADS) + "</p>") == []


def read_all(crowd: Crowd, address: Addresses, phase: str, shown: set[str]) -> list[str]:
    """What came alive on the pages of the phase; ``shown`` takes up which payloads stood there as plain text."""
    met, found = Counter[str](), []
    for role in READERS[phase]:
        starts = [path for path in open_to(role, phase, address) if not met[endpoint(crowd, path) or ""]]
        for _name, path, text in crawl(crowd, role, starts, met):
            body = text.partition("\n\n")[2] or text
            if "Content-Type: text/html" in text:
                found += [f"{role} {path}: {what}" for what in escapes(body)]
                words = BeautifulSoup(body, "html5lib").get_text()
                shown |= {payload for payload in PAYLOADS if payload in words}
            elif "Content-Type: application/pdf" in text:
                shown |= {f"pdf {payload}" for payload in PAYLOADS if payload in text}
    return found


def test_no_page_mail_or_document_turns_words_into_anything_but_text(
    app: Flask, connection: Connection, alpha: Contest, beta: Contest, crowd_of: Any
) -> None:
    found, shown, places = [], set(), set()
    for phase in telling(alpha, beta, until="released"):
        if phase in {"open", *READERS}:
            alpha.commit()
            places |= plant(connection, alpha.mark)
            alpha.session.expire_all()
        if phase in READERS:
            found += read_all(crowd_of(), Addresses(app, alpha.session, alpha), phase, shown)
    mails = alpha.session.scalars(select(Message).where(Message.edition_id == alpha.edition.id)).all()
    found += [f"mail {mail.template}: {what}" for mail in mails for what in escapes(mail.body_html or "")]
    found += [f"subject {mail.subject!r}" for mail in mails if "\n" in mail.subject or "\r" in mail.subject]
    told = {payload for payload in PAYLOADS for mail in mails if payload in mail.body_text}
    assert found == []
    assert (len(places) > 40, len(shown) > 60, any(word.startswith("pdf ") for word in shown), len(told) > 3) == (True, True, True, True), (
        len(places), len(shown), sorted(shown), sorted(told))  # fmt: skip
