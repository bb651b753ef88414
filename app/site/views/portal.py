"""The list of contests."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.calls.enums import EditionKind, EditionPhase
from app.calls.queries import areas, listed_editions
from app.core.authz import public
from app.core.clock import local_date
from app.core.db import db
from app.core.web import now
from app.site.caching import cacheable, revalidated
from app.site.queries.listing import page_number, search_text

E = TypeVar("E", bound=StrEnum)


def routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/", "index", index)


def member(kind: type[E], word: str) -> E | None:
    """The enum member of that value; None for anything else."""
    return next((item for item in kind if item.value == word), None)


@public
def index() -> ResponseReturnValue:
    """Published editions with filters by state, kind, area and text."""
    today = local_date(now())
    wanted: dict[str, Any] = {
        "phase": member(EditionPhase, request.args.get("state", "")),
        "kind": member(EditionKind, request.args.get("kind", "")),
        "area": request.args.get("area", "") if request.args.get("area", "").isdigit() else "",
        "text": search_text(request.args.get("q", "")),
    }
    page = listed_editions(db.session, now=now(), today=today, number=page_number(request.args.get("page", "")), **wanted)
    places = areas(db.session)
    facts = (page, places, today, now().hour)
    return revalidated(*facts) or cacheable(
        render_template(
            "site/public/index.html", page=page, places=places, wanted=wanted, address=address, page_url=lambda n: address(page=n),
            phase_label=lambda word: EditionPhase(word).label, kind_options=lambda: [(kind.value, kind.label) for kind in EditionKind],
        ),
        *facts,
    )  # fmt: skip


def address(**changes: Any) -> str:
    """This list with some filters changed; an empty value drops one."""
    kept = {name: request.args[name] for name in ("state", "kind", "area", "q") if request.args.get(name)}
    return url_for("site.public.index", **{k: v for k, v in {**kept, **changes}.items() if v})
