"""Reading everything that a person may read: the pages that the matrix lets them in to, and what these link to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from werkzeug.exceptions import HTTPException

from .addresses import Addresses
from .crowd import ROLES, Crowd
from .reading import readable
from .tables import entries

#: Pages for everybody: what is published is no secret there.
PUBLIC = ("site.public.", "entries.eligibility.", "accounts.public.", "accounts.invitations.", "healthz")
#: Followed links of one kind are enough at this number.
SAMPLES = 3


def open_to(role: str, phase: str, address: Addresses) -> list[str]:
    """The pages that the matrix opens to a role in this phase."""
    column = ROLES.index(role)
    mine = [entry for entry in entries() if entry.operation.startswith("GET ") and entry.symbols[phase][column] == "+"]
    return [address(entry.operation.split()[1], **entry.given) for entry in mine]


def endpoint(crowd: Crowd, path: str) -> str | None:
    """Whose page it is; None for assets and what is none of ours."""
    try:
        found = str(crowd.app.url_map.bind("localhost").match(urlsplit(path).path, "GET")[0])
    except HTTPException:
        return None
    return None if found in {"static", "readyz"} else found


def is_public(name: str) -> bool:
    return name.startswith(PUBLIC)


def crawl(crowd: Crowd, role: str, starts: list[str], met: Counter[str] | None = None) -> Iterator[tuple[str, str, str]]:
    """Endpoint, path and everything readable of each page. ``met`` counts the pages of each kind, over several crawls where it is given."""
    waiting, seen, met = list(starts), set(starts), Counter() if met is None else met
    while waiting:
        path = waiting.pop(0)
        name = endpoint(crowd, path)
        if name is None or (path not in starts and met[name] >= SAMPLES):
            continue
        met[name] += 1
        answer = crowd.ask(role, "GET", path)
        if answer.mimetype == "text/html":
            for target in _links(answer.get_data(as_text=True)):
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        yield name, path, readable(answer)


def _links(page: str) -> list[str]:
    tree = BeautifulSoup(page, "html.parser")
    found = [str(tag.get(name, "")) for name in ("href", "src", "data") for tag in tree.select(f"[{name}]")]
    return [target.split("#")[0] for target in found if target.startswith("/") and not target.startswith("//")]
