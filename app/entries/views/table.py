"""The organizer's table of entries: filters, columns, saved views, steps for several, export."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.audit.operations import note_reading
from app.calls.models import Edition
from app.calls.policies import can_manage_edition, can_watch_edition
from app.core import clock
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import DomainError, NotFound
from app.core.uow import atomic
from app.core.web import actor, now, see_other
from app.downloads.views import order
from app.entries.enums import EntryState
from app.entries.exports import CONTENT_TYPE, HEADS, LONG_TABLE, TABLE, entries_workbook
from app.entries.forms.checking import BulkReturnForm, MessageForm, ViewForm
from app.entries.models import SavedView
from app.entries.operations import tabling
from app.entries.queries import table
from app.entries.queries.blinding import is_blind_edition
from app.entries.queries.table import View, read_view
from app.files.names import disposition

from .loading import page_locale
from .staffing import frame, staff_edition

bp = Blueprint("table", __name__, url_prefix="/manage/<code>/entries")
check_bp = Blueprint("check", __name__, url_prefix="/manage/<code>/check")
BULK = {"accept": _l("Pass the formal check"), "return": _l("Return for correction"), "message": _l("Write to the teams")}
MAX_BULK = 250


@bp.before_request
@check_bp.before_request
def gate() -> Any:
    return require_sign_in()


@bp.get("/")
def index(code: str) -> str:
    """All entries that were handed in."""
    return _list_page(staff_edition(code), read_view(request.args), "entries.table.index", _("Entries"))


@check_bp.get("/", endpoint="index")
def queue(code: str) -> str:
    """The queue of the formal check: what waits, longest waiting first."""
    view = read_view({**request.args.to_dict(), "sort": request.args.get("sort") or "submitted", "state": request.args.getlist("state")},
                     states=(EntryState.SUBMITTED.value,))  # fmt: skip
    return _list_page(staff_edition(code), view, "entries.check.index", _("Formal check"))


def _list_page(edition: Edition, view: View, endpoint: str, title: str) -> str:
    authorize(can_watch_edition(actor(), edition))
    counts = table.counts(db.session, edition.id)
    rows, total = table.rows(db.session, edition.id, view, counts)
    held = counts.held if counts.held and is_blind_edition(db.session, edition.id) else 0

    # A page has some thirty links to other views and one to each row's entry: their common part is made once.
    list_page = url_for(endpoint, code=edition.code)
    entry_page = url_for("entries.manage.entry", code=edition.code, entry_code="-").removesuffix("-")
    here = _in_view("", view)

    def url(**changes: Any) -> str:
        return _in_view(list_page, view, **changes)

    return render_template(
        "entries/manage/table.html", **frame(edition), title=title, view=view, rows=rows, total=total, pages=-(-total // view.size) or 1,
        counts=counts, held=held, heads={name: str(label) for name, label in HEADS.items()},
        url=url, entry_url=lambda entry_code: f"{entry_page}{entry_code}{here}",
        cells=lambda row: zip(view.columns, table.values(row), strict=True),
        states=list(EntryState)[1:], bulk=BULK,
        view_form=ViewForm(formdata=None), is_long=total > LONG_TABLE,
        saved=table.saved_views(db.session, actor().user_id or 0, edition.id), here=url(), is_queue=endpoint == "entries.check.index",
        sort_url=lambda value: url(sort=value, page=1), page_url=lambda number: url(page=number), columns=list(table.COLUMNS),
    )  # fmt: skip


def _in_view(address: str, view: View, **changes: Any) -> str:
    """The address with the view, or a changed one, as its query."""
    words = urlencode(view.parameters(**changes), doseq=True)
    return f"{address}?{words}" if words else address


@bp.get("/export.xlsx")
def export(code: str) -> Response:
    """The current view as an Excel file, all its pages."""
    edition = staff_edition(code)
    authorize(can_manage_edition(actor(), edition))
    view = read_view(request.args)
    if challenge := require_recent_sign_in(back=_in_view(url_for(".index", code=code), view)):
        return challenge
    rows = table.all_rows(db.session, edition.id, view)
    content = entries_workbook(rows, view.columns, HEADS, edition.zone)
    with atomic() as session:
        tabling.note_export(session, edition=edition, columns=view.columns, number=len(rows), actor=actor(), now=now())
        note_reading(session, subject="entries_export", subject_id=edition.id, edition_id=edition.id, actor=actor(), now=now())
    answer = Response(content, mimetype=CONTENT_TYPE)
    answer.headers["Content-Disposition"] = disposition(f"entries-{edition.code}.xlsx", inline=False)
    return answer


@bp.post("/export")
def order_export(code: str) -> Any:
    """The same for a long table, made in the background."""
    edition = staff_edition(code)
    authorize(can_manage_edition(actor(), edition))
    view = read_view(request.args)
    with atomic() as session:
        number = table.matching(session, edition.id, view)
        tabling.note_export(session, edition=edition, columns=view.columns, number=number, actor=actor(), now=now())
    title = " ".join((_("Entries"), edition.code))
    return order(TABLE.name, {"edition_id": edition.id, "view": view.parameters(page=1)}, title, edition.id)


# --- saved views ------------------------------------------------------------------------------------------------------


@bp.post("/views")
def save_view(code: str) -> Any:
    """Keep the current filters and columns under a name."""
    edition = staff_edition(code)
    authorize(can_manage_edition(actor(), edition))
    form, view = ViewForm(), read_view(request.args)
    if not form.validate():
        flash(" ".join(str(e) for e in form.name.errors), "error")
        return redirect(url_for(".index", code=code, **view.parameters()), code=303)
    with atomic() as session:
        tabling.save_view(session, edition=edition, name=form.name.data, parameters=view.parameters(page=1), actor=actor(), now=now())
    flash(_("The view has been saved."), "success")
    return redirect(url_for(".index", code=code, **view.parameters()), code=303)


@bp.post("/views/<int:view_id>/delete")
def delete_view(code: str, view_id: int) -> Any:
    """Forget a view of one's own."""
    edition = staff_edition(code)
    authorize(can_manage_edition(actor(), edition))
    with atomic() as session:
        view = session.get(SavedView, view_id)
        if view is None or view.user_id != actor().user_id or view.edition_id != edition.id:
            raise NotFound
        session.delete(view)
    return see_other(".index", code=code)


# --- steps for several ------------------------------------------------------------------------------------------------


def _chosen_ids() -> list[int]:
    """The ids sent, without nonsense; at most a page of them."""
    numbers = [value for value in request.form.getlist("ids") if value.isdecimal() and len(value) < 12]
    return [int(value) for value in dict.fromkeys(numbers)][:MAX_BULK]


@bp.post("/bulk")
def bulk(code: str) -> Any:
    """First a preview of who is affected, then, when confirmed, the step itself."""
    edition = staff_edition(code)
    authorize(can_manage_edition(actor(), edition))
    action, ids = request.form.get("action", ""), _chosen_ids()
    if action not in BULK or not ids:
        flash(_("Please choose entries first."), "error")
        return see_other(".index", code=code)
    form = _bulk_form(action, fresh=request.form.get("step") != "apply")
    if request.form.get("step") != "apply":
        return _preview(edition, action, ids, form)
    _offered(edition, ids, form)
    if form is not None and not form.validate():
        return _preview(edition, action, ids, form), 422
    try:
        with atomic() as session:
            message = _apply(session, edition, action, ids, form)
    except DomainError as error:
        flash(str(error), "error")
        return _preview(staff_edition(code), action, ids, form), 422
    flash(message, "success")
    return see_other(".index", code=code)


def _bulk_form(action: str, *, fresh: bool) -> Any:
    kind = {"return": BulkReturnForm, "message": MessageForm}.get(action)
    if kind is None:
        return None
    return kind(formdata=None) if fresh else kind()


def _offered(edition: Edition, ids: list[int], form: Any) -> Any:
    """A return offers the fields that all chosen entries have."""
    entries = tabling.entries_among(db.session, edition, ids)
    if isinstance(form, BulkReturnForm) and entries:
        form.offering(entries[0].form_version.schema, page_locale(), edition.zone)
    return entries


def _preview(edition: Edition, action: str, ids: list[int], form: Any) -> str:
    entries = _offered(edition, ids, form)
    affected = [e for e in entries if action == "message" or e.state == EntryState.SUBMITTED]
    return render_template(
        "entries/manage/bulk.html", **frame(edition), action=action, label=BULK[action], affected=affected,
        left_out=[e for e in entries if e not in affected], form=form,
    )  # fmt: skip


def _apply(session: Any, edition: Edition, action: str, ids: list[int], form: Any) -> str:
    moment = clock.now()
    if action == "message":
        sent = tabling.write_to_teams(
            session, edition=edition, ids=ids, subject=form.subject.data, text=form.text.data, actor=actor(), now=moment,
        )  # fmt: skip
        return ngettext("%(num)s message is on its way.", "%(num)s messages are on their way.", sent)
    if action == "accept":
        outcome = tabling.accept_entries(session, edition=edition, ids=ids, actor=actor(), now=moment)
    else:
        outcome = tabling.return_entries(
            session, edition=edition, ids=ids, reason=form.reason.data or "", open_fields=form.open_fields.data or [],
            due_at=form.due_at.data,
            actor=actor(), now=moment,
        )  # fmt: skip
    return _("Done: %(done)s. Left out: %(left)s.", done=len(outcome.done), left=len(outcome.left_out))
