"""Checking a certificate or receipt: valid or revoked, and nothing else."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.core.authz import public
from app.core.db import db
from app.core.limits import limiter
from app.core.markup import pick
from app.core.web import see_other
from app.documents.queries import tidy_code
from app.site.queries import verified

#: What a code may stand for, as read by a stranger; the facts shown of each, in order.
KINDS = {
    "certificate": _l("Certificate"),
    "receipt": _l("Receipt of a submitted entry"),
    "notice": _l("Public notice"),
    "result": _l("Result list"),
    "selection": _l("Selection record"),
}
FACTS = {
    "number": _l("Number"),
    "title": _l("Title"),
    "level": _l("Award"),
    "holder": _l("Holder"),
    "entry": _l("Project"),
    "unit": _l("Organization"),
    "edition": _l("Contest"),
    "call": _l("Division"),
    "version": _l("Version"),
    "starts_on": _l("Notice begins"),
    "ends_on": _l("Notice ends"),
}


def routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/verify", "verify", verify)
    blueprint.add_url_rule("/verify/<code>", "verified", verdict)


@public
@limiter.limit("60 per minute")
def verify() -> ResponseReturnValue:
    """The page that asks for a code."""
    code = tidy_code(request.args.get("code", ""))
    if code:
        return see_other("site.public.verified", code=code)
    return render_template("site/public/verify.html", code="", asked=False, found=None)


@public
@limiter.limit("60 per minute")
def verdict(code: str) -> ResponseReturnValue:
    """Valid, revoked or unknown."""
    result = verified(db.session, code, current_app.extensions["signer"])
    facts = shown_facts(result.facts) if result else []
    page = render_template(
        "site/public/verify.html", code=tidy_code(code), asked=True, found=result, facts=facts,
        kind=KINDS.get(result.kind, result.kind) if result else "",
    )  # fmt: skip
    return page, 200 if result else 404


def shown_facts(facts: dict[str, Any]) -> list[tuple[object, str]]:
    """The known facts in order, in the reader's language."""
    return [(label, pick(str(facts[key]), str(facts.get(f"{key}_en") or ""))) for key, label in FACTS.items() if facts.get(key)]
