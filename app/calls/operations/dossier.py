"""The rule dossier: the rules as one document in both languages, a version for every publication and change."""

from __future__ import annotations

import hashlib
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.dossier import dossier_text
from app.calls.events import DossierPublished
from app.calls.models import Edition, RuleDossier, Stage
from app.core.authz import Actor

from .matrix import calls_of


def publish_dossier(session: Session, *, edition: Edition, reason: str, actor: Actor, now: datetime) -> RuleDossier:
    """Write the edition's rules down as its next dossier. Records DossierPublished."""
    session.flush()  # the document shows what has just been decided
    calls = calls_of(session, edition)
    stages = list(session.scalars(select(Stage).where(Stage.edition_id == edition.id).order_by(Stage.position)))
    texts = {}
    for locale in ("zh_CN", "en"):
        with force_locale(locale):
            texts[locale] = dossier_text(edition, calls, stages)
    last = session.scalar(select(func.max(RuleDossier.number)).where(RuleDossier.edition_id == edition.id)) or 0
    dossier = RuleDossier(
        edition_id=edition.id, number=last + 1, text_zh=texts["zh_CN"], text_en=texts["en"],
        digest=dossier_digest(texts["zh_CN"], texts["en"]),
        reason=reason, published_at=now, published_by_id=actor.user_id,
    )  # fmt: skip
    session.add(dossier)
    session.flush()  # the fact names the document
    record(session, DossierPublished(dossier.id, edition.id, dossier.number, dossier.digest), actor=actor, now=now)
    return dossier


def dossier_digest(text_zh: str, text_en: str) -> str:
    """SHA-256 over both texts, the Chinese first, with a line of three dashes between."""
    return hashlib.sha256(f"{text_zh}\n---\n{text_en}".encode()).hexdigest()
