"""Public notices."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.calls.policies import VISIBLE
from app.core.authz import public
from app.core.clock import local_date
from app.core.db import db
from app.core.web import found, now
from app.site.caching import cacheable, revalidated
from app.site.queries import public_notice, public_notices
from app.site.queries.listing import page_number, search_text


def routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/notices", "notices", notices)
    blueprint.add_url_rule("/notices/<path:number>", "notice", notice)


@public
def notices() -> ResponseReturnValue:
    """All notices, latest first."""
    today, text = local_date(now()), search_text(request.args.get("q", ""))
    page = public_notices(db.session, number=page_number(request.args.get("page", "")), text=text)
    return revalidated(page, today) or cacheable(
        render_template("site/public/notices.html", page=page, text=text, today=today,
            address=lambda n: url_for("site.public.notices", page=n, q=text or None)),
        page, today,
    )  # fmt: skip


@public
def notice(number: str) -> ResponseReturnValue:
    """One notice, exactly as published."""
    row, organization, edition = found(public_notice(db.session, number))
    if edition is not None:
        g.zone = edition.zone
    shown = edition if edition is not None and edition.state in VISIBLE else None
    today = local_date(now(), edition.zone) if edition else local_date(now())
    facts = (row.id, row.version, row.state, row.digest, today)
    return revalidated(*facts) or cacheable(
        render_template("site/public/notice.html", notice=row, organization=organization, edition=shown, today=today), *facts
    )
