"""How a message leaves: by SMTP, or as a file for development. One recipient, headers built by the library."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT = 5  # seconds for one step of the conversation


class Transport(Protocol):
    """Takes one message or raises."""

    def send(self, message: EmailMessage) -> None: ...

    def check(self) -> None:
        """Raise when nothing could be sent."""
        ...


class FolderTransport:
    """Every message becomes a file that a mail program opens. For development and drills."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = sha256(str(message["Message-ID"]).encode()).hexdigest()[:24]
        (self.folder / f"{name}.eml").write_bytes(message.as_bytes(policy=SMTP))

    def check(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)


class SmtpTransport:
    """``smtp://user:password@host:587`` (STARTTLS when the server offers it, ``?tls=required`` to insist) or ``smtps://host:465``."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, self.is_wrapped = parts.hostname or "localhost", parts.scheme == "smtps"
        self.port = parts.port or (465 if self.is_wrapped else 25)
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.needs_tls = parse_qs(parts.query).get("tls") == ["required"]

    def send(self, message: EmailMessage) -> None:
        with self._connected() as server:
            server.send_message(message, to_addrs=[str(message["To"])])

    def check(self) -> None:
        with self._connected() as server:
            server.noop()

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.is_wrapped:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
            server.ehlo()
            if self.needs_tls or self.password or server.has_extn("starttls"):
                server.starttls(context=context)  # a password never travels in clear
        if self.user:
            server.login(self.user, self.password)
        return server


def transport_of(url: str) -> Transport:
    """The transport that ``MAIL_URL`` names; ValueError for another scheme."""
    scheme = urlsplit(url).scheme
    if scheme == "file":
        return FolderTransport(Path(url.removeprefix("file://")))
    if scheme in {"smtp", "smtps"}:
        return SmtpTransport(url)
    raise ValueError(f"MAIL_URL begins with smtp://, smtps:// or file://, not {scheme}://")


def compose(*, sender: str, sender_name: str, to: str, subject: str, text: str, html: str, headers: Mapping[str, str],
            dedup: str, when: datetime, host: str) -> EmailMessage:  # fmt: skip
    """The mail. Its Message-ID follows from ``dedup``, so that a doubled delivery shows itself. ValueError for line breaks in headers."""
    mail = EmailMessage()
    mail["From"] = Address(display_name=sender_name, addr_spec=sender)
    mail["To"], mail["Subject"] = to, subject
    mail["Date"] = format_datetime(when)
    mail["Message-ID"] = f"<{sha256(dedup.encode()).hexdigest()[:32]}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail
