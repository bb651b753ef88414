"""The verbs of notices."""

from .drafting import draft_notice, drop_notice, edit_notice
from .publishing import publish_notice, withdraw_notice

__all__ = ["draft_notice", "drop_notice", "edit_notice", "publish_notice", "withdraw_notice"]
