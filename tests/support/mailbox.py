"""The messages of the outbox as their receivers get them."""

from __future__ import annotations

import re
from email import policy
from email.parser import BytesParser
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.notify.models import Message


def mails(session: Session, email: str = "") -> list[Message]:
    """Messages in the order in which they were queued, those to one address if named."""
    wanted = select(Message).order_by(Message.id)
    return list(session.scalars(wanted.where(Message.email == email) if email else wanted))


def sent_text(message: Message, folder: object) -> str:
    """The text that left this machine, read from the newest such file of the folder transport: earlier tests leave theirs there."""
    newest_first = sorted(Path(str(folder)).glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in newest_first:
        mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        if mail["To"] == message.email and mail["Subject"] == message.subject:
            part = mail.get_body(("plain",))
            return part.get_content() if part is not None else ""
    raise AssertionError(f"no mail to {message.email} has left")


def link_in(text: str) -> str:
    """The path of the first link."""
    found = re.search(r"https?://[^/\s]+(/\S+)", text)
    assert found, text
    return found.group(1)
