"""What the public pages show."""

from .contest import ContestPage, contest_page
from .notices import NoticeLine, NoticeList, public_notice, public_notices
from .verification import Verified, verified

__all__ = [
    "ContestPage",
    "NoticeLine",
    "NoticeList",
    "Verified",
    "contest_page",
    "public_notice",
    "public_notices",
    "verified",
]
