"""What must hold of people, organizations and roles (see ``core.invariants``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.invariants import Invariant

INVARIANTS = (
    Invariant(
        "accounts.addresses_are_folded",
        _l("Addresses of accounts are stored in small letters, so that no two differ by case only."),
        "SELECT id FROM users WHERE email <> lower(email)",
    ),
    Invariant(
        "accounts.a_role_has_one_scope",
        _l("A role is held on the site, in an organization or in an edition, never in two of them."),
        "SELECT id FROM role_grants WHERE organization_id IS NOT NULL AND edition_id IS NOT NULL",
    ),
    Invariant(
        "accounts.a_role_is_held_once",
        _l("Nobody holds the same role in the same place twice."),
        """SELECT user_id, role, coalesce(organization_id, 0) AS organization, coalesce(edition_id, 0) AS edition FROM role_grants
           WHERE ended_at IS NULL GROUP BY 1, 2, 3, 4 HAVING count(*) > 1""",
    ),
    Invariant(
        "accounts.the_tree_fits",
        _l("An organization's path is that of the one above it, and itself."),
        """SELECT o.id FROM organizations o LEFT JOIN organizations p ON p.id = o.parent_id
           WHERE o.path <> coalesce(p.path, '/') || o.id || '/'""",
    ),
    Invariant(
        "accounts.a_second_factor_has_its_secret",
        _l("Where the second factor is switched on, its secret is there."),
        "SELECT id FROM users WHERE totp_enabled_at IS NOT NULL AND totp_secret IS NULL",
    ),
    Invariant(
        "accounts.a_link_is_used_or_withdrawn",
        _l("A link that was withdrawn was not used afterwards."),
        "SELECT id FROM tokens WHERE used_at IS NOT NULL AND revoked_at IS NOT NULL AND used_at > revoked_at",
    ),
)
