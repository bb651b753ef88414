"""Announcements, files and questions on the contest's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.calls.forms.editions import QuestionsForm
from app.calls.forms.news import FILE_TYPES, AnnouncementForm, FileForm
from app.calls.forms.rows import filled, more
from app.calls.operations.editions import edit_edition
from app.calls.operations.telling import offer_file, publish_announcement, remove_file, withdraw_announcement
from app.calls.queries.news import announcements_of, files_of
from app.core.db import db
from app.core.forms import Form
from app.core.uow import atomic
from app.core.web import actor, now, see_other
from app.files.limits import Limits
from app.files.operations import receive, store_upload

from .loading import managed_edition

LIMITS = Limits(types=FILE_TYPES)


def routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/<code>/news", "news", news)
    blueprint.add_url_rule("/<code>/news/announce", "announce", announce, methods=["POST"])
    blueprint.add_url_rule("/<code>/news/<int:announcement_id>/withdraw", "withdraw_announcement", withdraw, methods=["POST"])
    blueprint.add_url_rule("/<code>/news/files", "offer_file", offer, methods=["POST"])
    blueprint.add_url_rule("/<code>/news/files/<int:file_id>/remove", "remove_file", remove, methods=["POST"])
    blueprint.add_url_rule("/<code>/news/questions", "questions", questions, methods=["POST"])


def news(code: str) -> ResponseReturnValue:
    """What the page tells besides the rules."""
    managed_edition(code)
    return _page(code)


def announce(code: str) -> ResponseReturnValue:
    """Publish news at once."""
    edition, form = managed_edition(code), AnnouncementForm()
    values = {name: text or "" for name, text in form.values().items()}
    return _stored(
        code, form, lambda session: publish_announcement(session, edition=edition, **values, actor=actor(), now=now()),
        _("The announcement is on the contest's page."),
    ) or (_page(code, announcement=form), 422)  # fmt: skip


def withdraw(code: str, announcement_id: int) -> ResponseReturnValue:
    """Take news off the page."""
    edition = managed_edition(code)
    with atomic() as session:
        withdraw_announcement(session, edition=edition, announcement_id=announcement_id, actor=actor(), now=now())
    return see_other("calls.manage.news", code=code)


def offer(code: str) -> ResponseReturnValue:
    """A file for everybody."""
    edition = managed_edition(code)
    form = FileForm()
    if form.validate():
        with form.showing_errors():
            received = receive(form.file.data, LIMITS)
            with atomic() as session:
                blob = store_upload(session, upload=received, actor=actor(), now=now())
                offer_file(session, edition=edition, blob=blob, title=form.title.data or "", actor=actor(), now=now())
        if not form.errors:
            flash(_("The file is on the contest's page."), "success")
            return see_other("calls.manage.news", code=code)
    return _page(code, file=form), 422


def remove(code: str, file_id: int) -> ResponseReturnValue:
    """Take a file off the page."""
    edition = managed_edition(code)
    with atomic() as session:
        remove_file(session, edition=edition, file_id=file_id, actor=actor(), now=now())
    return see_other("calls.manage.news", code=code)


def questions(code: str) -> ResponseReturnValue:
    """Frequently asked questions."""
    edition, form = managed_edition(code), QuestionsForm()
    if "add" in request.form:
        more(form.faq)
        return _page(code, faq=form)
    return _stored(
        code,
        form,
        lambda session: edit_edition(session, edition=edition, values={"faq": form.items()}, actor=actor(), now=now()),
        _("Saved."),
    ) or (_page(code, faq=form), 422)


def _stored(code: str, form: Form, act: Callable[[Session], object], told: str) -> ResponseReturnValue | None:
    """The answer once the operation has taken what the form says; None when form or operation refused it."""
    if not form.validate():
        return None
    with form.showing_errors(), atomic() as session:
        act(session)
    if form.errors:
        return None
    flash(told, "success")
    return see_other("calls.manage.news", code=code)


def _page(code: str, *, announcement: Any = None, file: Any = None, faq: Any = None) -> str:
    edition = managed_edition(code)
    if faq is None:
        faq = QuestionsForm(formdata=None)
        filled(faq.faq, list(edition.faq or []))
    return render_template(
        "calls/manage/news.html", edition=edition, announcements=announcements_of(db.session, edition), files=files_of(db.session, edition),
        announcement=announcement or AnnouncementForm(formdata=None), file=file or FileForm(formdata=None), faq=faq, limits=LIMITS,
    )  # fmt: skip
