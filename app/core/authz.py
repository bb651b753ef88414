"""Who acts, and the verdict on what they may do. Forgetting to ask fails closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from flask import g, has_request_context

from .errors import Forbidden

F = TypeVar("F", bound=Callable[..., Any])


class Grant(NamedTuple):
    """A role held on the platform (both None), in an organization (and below it) or in one edition."""

    role: str
    organization_id: int | None = None
    edition_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """The acting person as plain values, read once a request; ``user_id`` None is a visitor or the system."""

    user_id: int | None = None
    name: str = ""
    email: str = ""
    locale: str | None = None
    session_id: int | None = None
    grants: frozenset[Grant] = frozenset()
    organization_ids: frozenset[int] = frozenset()
    current_role: str | None = None
    is_system: bool = False
    has_second_factor: bool = False
    must_enrol_second_factor: bool = False
    reauthenticated_at: Any = None
    second_factor_at: Any = None
    last_seen_at: Any = None
    counts: tuple[tuple[str, int], ...] = ()
    session_token: str = field(default="", repr=False)

    @property
    def is_authenticated(self) -> bool:
        return self.user_id is not None

    is_active = is_authenticated

    @property
    def is_anonymous(self) -> bool:
        return self.user_id is None

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the random name of the server-side session."""
        return self.session_token

    def count(self, name: str) -> int:
        """One of the counts that were read with the session; 0 for visitors."""
        return dict(self.counts).get(name, 0)

    def holds(
        self,
        role: str,
        *,
        organization_id: int | None = None,
        edition_id: int | None = None,
    ) -> bool:
        """Whether the role is held for exactly this organization or edition (grants already cover sub-organizations)."""
        return Grant(role, organization_id, edition_id) in self.grants

    def holds_anywhere(self, *roles: str) -> bool:
        return any(grant.role in roles for grant in self.grants)

    def scope_ids(self, role: str) -> tuple[frozenset[int], frozenset[int]]:
        """Organization ids and edition ids for which the role is held."""
        mine = [grant for grant in self.grants if grant.role == role]
        return (
            frozenset(grant.organization_id for grant in mine if grant.organization_id is not None),
            frozenset(grant.edition_id for grant in mine if grant.edition_id is not None),
        )


VISITOR = Actor()
SYSTEM = Actor(name="system", is_system=True)


@dataclass(frozen=True)
class Verdict:
    """Allowed or not, and why not."""

    allowed: bool
    reason: object = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOW = Verdict(True)


def deny(reason: object) -> Verdict:
    return Verdict(False, reason)


def authorize(verdict: Verdict) -> None:
    """Note that a decision was made; raise Forbidden with its reason when it is a refusal."""
    _note()
    if not verdict.allowed:
        raise Forbidden(verdict.reason)


def public(view: F) -> F:
    """Mark a view as open to everybody: it answers and commits without a verdict."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def note_public() -> None:
    _note()


def note_absence() -> None:
    """The answer was that there is no such thing, or not for this actor: a refusal too, and the two look alike to whoever reads of it."""
    _note()
    if has_request_context():
        g.found_nothing = True


def turned_away(status: int) -> bool:
    """Whether this request asked for what the actor has no right to, as far as anybody may know."""
    return decided() and (status == 403 or (status == 404 and bool(g.get("found_nothing"))))


def decided() -> bool:
    return not has_request_context() or bool(g.get("decided"))


def require_decided() -> None:
    if not decided():
        raise RuntimeError("authorize() was not called before the commit")


def _note() -> None:
    if has_request_context():
        g.decided = True
