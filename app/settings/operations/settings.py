"""Changing settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.core.authz import Actor
from app.core.errors import DomainError
from app.settings import queries
from app.settings.events import SettingChanged
from app.settings.models import Setting
from app.settings.registry import REGISTRY


class UnknownSetting(DomainError):
    message = _l("There is no such setting.")


class UnfitValue(DomainError):
    message = _l("This value does not fit the setting.")


def change_setting(session: Session, *, key: str, value: Any, actor: Actor, now: datetime) -> bool:
    """Put a setting into force; False when it already was. Records SettingChanged."""
    if key not in REGISTRY:
        raise UnknownSetting
    if not REGISTRY[key].accepts(value):
        raise UnfitValue(field=key)
    before = queries.setting(session, key)
    if before == value:
        return False
    row = session.get(Setting, key, with_for_update=True)
    if row is None:
        row = Setting(key=key)
        session.add(row)
    row.value, row.changed_at, row.changed_by_id = value, now, actor.user_id
    queries.forget(session)
    record(session, SettingChanged(key, _written(before), _written(value)), actor=actor, now=now)
    return True


def change_settings(session: Session, *, values: Mapping[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Change several at once; returns the keys that changed."""
    return [key for key, value in values.items() if change_setting(session, key=key, value=value, actor=actor, now=now)]


def _written(value: Any) -> str:
    return msgspec.json.encode(value).decode()[:500]
