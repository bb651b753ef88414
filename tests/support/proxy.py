"""A shared cache between browsers and the site, as RFC 9111 describes it: it keeps what it may and gives it to everybody it may."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

Kept = tuple[dict[str, str], TestResponse]


@dataclass
class SharedCache:
    """Answers of the site by address; the newest first."""

    kept: dict[str, list[Kept]] = field(default_factory=dict)
    hits: int = 0

    def get(self, client: FlaskClient, path: str, **headers: str) -> TestResponse:
        """The page for this browser: a kept answer that fits its headers, when it is fresh or the site says that it still holds."""
        cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in client._cookies.values())
        sent = {"cookie": cookies, **{key.replace("_", "-").lower(): value for key, value in headers.items()}}
        for chosen, answer in self.kept.get(path, []):
            if all(sent.get(name, "") == value for name, value in chosen.items()) and self._holds(client, path, answer, headers):
                self.hits += 1
                return answer
        answer = client.get(path, headers=Headers(_named(headers)))
        if self._may_keep(answer):
            names = [name.lower() for name in answer.vary]
            self.kept.setdefault(path, []).insert(0, ({name: sent.get(name, "") for name in names}, answer))
        return answer

    def _holds(self, client: FlaskClient, path: str, answer: TestResponse, headers: dict[str, str]) -> bool:
        if (answer.cache_control.max_age or 0) > 0 and not answer.cache_control.no_cache:
            return True
        tag = answer.headers.get("ETag")
        return bool(tag) and client.get(path, headers=Headers({**_named(headers), "If-None-Match": str(tag)})).status_code == 304

    def _may_keep(self, answer: TestResponse) -> bool:
        control = answer.cache_control
        if answer.status_code != 200 or control.no_store or control.private or "*" in answer.vary:
            return False
        return "Set-Cookie" not in answer.headers or bool(control.public)


def _named(headers: dict[str, str]) -> dict[str, Any]:
    return {key.replace("_", "-"): value for key, value in headers.items()}
