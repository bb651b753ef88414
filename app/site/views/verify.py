"""Checking a certificate or receipt: valid or revoked, and nothing else."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.core.authz import public
from app.core.db import db
from app.core.limits import limiter
from app.core.web import see_other
from app.site.queries import verified
from app.site.queries.verification import typed_code

#: What a code may stand for, as read by a stranger; the facts shown of each, in order.
KINDS = {
    "certificate": _l("Certificate"),
    "receipt": _l("Receipt of a submitted entry"),
    "sheet": _l("Score sheet"),
    "notice": _l("Public notice"),
    "result": _l("Result list"),
    "selection": _l("Selection record"),
}
FACTS = {
    "number": _l("Number"),
    "title": _l("Title"),
    "edition": _l("Contest"),
    "award": _l("Award"),
    "holder": _l("Holder"),
    "organization": _l("Issued by"),
    "call": _l("Division"),
    "version": _l("Version"),
    "submitted_at": _l("Submitted at"),
    "code": _l("Entry code"),
}


def routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/verify", "verify", verify)
    blueprint.add_url_rule("/verify/<code>", "verified", verdict)


@public
@limiter.limit("60 per minute")
def verify() -> ResponseReturnValue:
    """The page that asks for a code."""
    code = typed_code(request.args.get("code", ""))
    if code:
        return see_other("site.public.verified", code=code)
    return render_template("site/public/verify.html", code="", asked=False, found=None)


@public
@limiter.limit("60 per minute")
def verdict(code: str) -> ResponseReturnValue:
    """Valid, revoked or unknown."""
    result = verified(db.session, typed_code(code))
    facts = [(label, str(result.facts[key])) for key, label in FACTS.items() if result.facts.get(key)] if result else []
    page = render_template(
        "site/public/verify.html", code=typed_code(code), asked=True, found=result, facts=facts,
        kind=KINDS.get(result.kind, result.kind) if result else "",
    )  # fmt: skip
    return page, 200 if result else 404
