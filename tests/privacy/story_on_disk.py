"""Run as a program with a folder: the canary's life and erasure in a database file in it. ``keep`` stops before the erasure."""

from __future__ import annotations

import os
import sys

from app.accounts.enums import Role
from app.core.db import db
from app.core.durability import compact
from app.core.uow import atomic
from app.factory import create_app
from app.privacy.operations.requests import erase_person, propose_erasure, request_erasure
from app.tables import metadata
from tests.conftest import NOW
from tests.factories.accounts import acting, grant, make_user
from tests.privacy import canary

os.environ |= {"JIEBANG_VAR": f"{sys.argv[1]}/var", "MAIL_URL": f"file://{sys.argv[1]}/delivered"}  # after the tests' own folder
app = create_app()
metadata.create_all(db.engine)
with app.app_context():
    scene = canary.make_scene(db.session)
    first, second = make_user(db.session), make_user(db.session)
    for admin in (first, second):
        grant(db.session, admin, Role.SYSTEM_ADMIN)
    db.session.commit()
    if "keep" not in sys.argv:
        with atomic() as session:
            request = request_erasure(session, user=scene.person, reason="", actor=acting(session, scene.person), now=NOW)
            propose_erasure(session, request=request, actor=acting(session, first), now=NOW)
        with atomic() as session:
            erase_person(session, request=request, actor=acting(session, second), now=NOW)
        db.release()
        compact(db.engine)
