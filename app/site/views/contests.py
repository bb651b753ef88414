"""A contest's page, its rules, files and calendar."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.calls import sentences
from app.calls.documents import dossier_pdf
from app.calls.enums import StageState
from app.calls.models import Call, Edition, RuleDossier, Stage
from app.calls.policies import can_view_edition
from app.calls.queries import dossiers_of, edition_by_code
from app.calls.windows import is_open
from app.core.authz import authorize
from app.core.clock import local_date
from app.core.db import db
from app.core.errors import NotFound
from app.core.limits import limiter
from app.core.markup import pick
from app.core.web import actor, found, now
from app.files.serving import send_blob
from app.results.queries import public_result, public_results
from app.site.caching import cacheable, revalidated
from app.site.calendar import edition_calendar
from app.site.queries import ContestPage, contest_page
from app.site.queries.contest import offered_files
from app.site.queries.listing import page_number

PREVIEW = 20
"""So many rows of each result stand on the contest's own page."""
PER_PAGE = 100


def routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/contests/<code>", "contest", contest)
    blueprint.add_url_rule("/contests/<code>/results/<call_code>/<int:position>", "result", result)
    blueprint.add_url_rule("/contests/<code>/rules", "rules", rules)
    blueprint.add_url_rule("/contests/<code>/rules.pdf", "rules_pdf", rules_pdf)
    blueprint.add_url_rule("/contests/<code>/files/<int:file_id>", "file", file)
    blueprint.add_url_rule("/contests/<code>/calendar.ics", "calendar", calendar)


def visible_edition(code: str) -> Edition:
    """The edition if this person may see it; otherwise there is no such page."""
    return _shown(found(edition_by_code(db.session, code)))


def _shown(edition: Edition) -> Edition:
    verdict = can_view_edition(actor(), edition)
    if not verdict:
        raise NotFound
    authorize(verdict)
    g.zone = edition.zone
    return edition


def contest(code: str) -> ResponseReturnValue:
    """Everything about one contest."""
    edition = visible_edition(code)
    page = contest_page(db.session, edition, now(), local_date(now(), edition.zone))
    results = public_results(db.session, edition.id, size=PREVIEW)
    facts = (page.version(), results, local_date(now(), edition.zone), now().hour)
    return revalidated(*facts) or cacheable(
        render_template(
            "site/public/contest.html",
            page=page,
            edition=edition,
            timeline=timeline(page),
            enter=enter_address,
            results=results,
            group_names=group_names(page),
            **sentences.FOR_TEMPLATES,
        ),
        *facts,
    )


def result(code: str, call_code: str, position: int) -> ResponseReturnValue:
    """One released list, page by page in its stable order, or whole for printing."""
    number, whole = page_number(request.args.get("page", "")), "all" in request.args
    part = {"first": 0, "size": None} if whole else {"first": (number - 1) * PER_PAGE, "size": PER_PAGE}
    edition, shown = found(public_result(db.session, code, call_code, position, **part))
    facts = (_shown(edition).title, edition.title_en, edition.zone, shown)
    return revalidated(*facts) or cacheable(
        render_template(
            "site/public/result.html", edition=edition, list=shown, number=number, whole=whole, pages=max(1, -(-shown.total // PER_PAGE)),
            page_url=lambda n: url_for("site.public.result", code=code, call_code=call_code, position=position, page=n),
        ),
        *facts,
    )  # fmt: skip


def rules(code: str) -> ResponseReturnValue:
    """The rule dossier in force, with its earlier versions."""
    edition = visible_edition(code)
    versions = found(dossiers_of(db.session, edition) or None)
    dossier = _wanted(versions)
    facts = (dossier.id, dossier.digest, len(versions))
    return revalidated(*facts) or cacheable(
        render_template(
            "site/public/rules.html", edition=edition, dossier=dossier, versions=versions, text=pick(dossier.text_zh, dossier.text_en)
        ),
        *facts,
    )


@limiter.limit("30 per minute")
def rules_pdf(code: str) -> ResponseReturnValue:
    """The same on paper."""
    edition = visible_edition(code)
    dossier = _wanted(found(dossiers_of(db.session, edition) or None))
    headers = {
        "Content-Disposition": f'inline; filename="{edition.code}-rules-v{dossier.number}.pdf"',
        "Cache-Control": "private, no-cache",
    }
    return Response(dossier_pdf(edition, dossier), mimetype="application/pdf", headers=headers)


def _wanted(versions: list[RuleDossier]) -> RuleDossier:
    """The version asked for, or the one in force."""
    number = page_number(request.args.get("version", "")) if "version" in request.args else versions[0].number
    return found(next((version for version in versions if version.number == number), None))


def file(code: str, file_id: int) -> ResponseReturnValue:
    """A file offered on the page."""
    edition = visible_edition(code)
    blob = found(next((blob for file, blob in offered_files(db.session, edition) if file.id == file_id), None))
    return send_blob(blob)


def calendar(code: str) -> ResponseReturnValue:
    """The contest's dates for a calendar."""
    edition = visible_edition(code)
    page = contest_page(db.session, edition, now(), local_date(now(), edition.zone))
    text = edition_calendar(page, url_for("site.public.contest", code=edition.code, _external=True), now())
    return Response(
        text,
        mimetype="text/calendar",
        headers={"Content-Disposition": f'attachment; filename="{edition.code}.ics"', "Cache-Control": "private, no-cache"},
    )


def enter_address(call: Call) -> str:
    """Where one begins to enter this division; empty while entries cannot be taken."""
    if not is_open(call, now()):
        return ""
    return url_for("entries.eligibility.check", edition_code=call.edition.code, call_code=call.code)


def group_names(page: ContestPage) -> dict[str, str]:
    """Code → name of the groups, for sentences about quotas."""
    return {call.group.code: pick(call.group.name, call.group.name_en) for call in page.calls if call.group}


def timeline(page: ContestPage) -> list[dict[str, Any]]:
    """Entry window and stages, oldest first, each done, current or to come."""
    moments = now()
    items: list[dict[str, Any]] = []
    if page.facts.opens_at and page.facts.closes_at:
        state = "done" if moments >= page.facts.closes_at else "current" if moments >= page.facts.opens_at else "todo"
        items.append({"title": _("Entries"), "start": page.facts.opens_at, "end": page.facts.closes_at, "state": state})
    return [*items, *(stage_item(stage) for stage in page.stages)]


def stage_item(stage: Stage) -> dict[str, Any]:
    is_over = stage.state in (StageState.SEALED, StageState.RELEASED) or now() >= stage.closes_at
    state = "done" if is_over else "current" if now() >= stage.opens_at else "todo"
    return {"stage": stage, "start": stage.opens_at, "end": stage.closes_at, "state": state}
