"""The message when a file is ready. It carries no file and no secret: the page asks who is there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.bus import subscribes
from app.notify.addresses import absolute
from app.notify.models import Message
from app.notify.operations import queue_message
from app.notify.receivers import entitles

from .events import DownloadMade
from .models import Download
from .queries import may_have


@subscribes(DownloadMade)
def tell_ready(session: Session, event: DownloadMade, now: datetime) -> None:
    """To the person who ordered it."""
    row = session.get_one(Download, event.id)
    user = session.get_one(User, row.requester_id)
    link = absolute("downloads.index")
    context = {"title": row.title, "link": link, "expires_at": row.expires_at}
    queue_message(
        session, template="downloads/ready", to=user, locale=user.locale, context=context, dedup=f"download:{row.id}", now=now,
        rests_on=f"download:{row.id}",
        edition_id=row.edition_id, link="/my/downloads/",
    )  # fmt: skip


@entitles("download")
def may_fetch(session: Session, message: Message, download_id: int, now: datetime) -> bool:
    """The news that a file is ready: only while its requester may have it."""
    row = session.get(Download, download_id, populate_existing=True)
    return row is not None and row.requester_id == message.user_id and may_have(session, row)
