"""A small HTTP client that behaves as a browser does: one connection, cookies, forms filled as they were sent."""

from __future__ import annotations

import http.client
import secrets
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

IDLE_SECONDS = 1.0
REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Upload:
    """A file as a form sends it."""

    name: str
    content: bytes
    content_type: str


Fields = dict[str, str | list[str] | Upload]


@dataclass(frozen=True)
class Reply:
    """An answer and how long it took, from sending the request to the last byte."""

    status: int
    path: str
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def statements(self) -> int:
        """How many SQL statements the server counted; see tests/load/meter.py."""
        return int(self.headers.get("x-meter-statements", "0"))

    @property
    def processor_ns(self) -> int:
        """The processor time that the server process had used after this answer."""
        return int(self.headers.get("x-meter-processor", "0"))

    def form(self, selector: str = "form") -> tuple[str, Fields]:
        """The address and the fields of the first form that the selector finds, filled as the page fills them."""
        found = BeautifulSoup(self.text, "html.parser").select_one(selector)
        if found is None:
            raise LookupError(f"no {selector} in {self.path} ({self.status}): {self.text[:400]}")
        return urljoin(self.path, str(found.get("action") or self.path)), _fields(found)


def _fields(form: Tag) -> Fields:
    values: Fields = {}
    for element in form.select("input[name], select[name], textarea[name]"):
        if element.has_attr("disabled"):
            continue
        name, kind = str(element["name"]), element.get("type")
        if kind in ("submit", "button", "file") or (kind in ("checkbox", "radio") and not element.has_attr("checked")):
            continue
        values[name] = _value(element)
    return values


def _value(element: Tag) -> str | list[str]:
    if element.name == "textarea":
        return element.get_text().removeprefix("\n")
    if element.name == "select":
        options = element.select("option[selected]") or element.select("option")[:1]
        chosen = [str(option.get("value", option.get_text())) for option in options]
        return chosen if element.has_attr("multiple") else (chosen or [""])[0]
    return str(element.get("value", "on" if element.get("type") == "checkbox" else ""))


@dataclass
class Browser:
    """One person's browser towards one server."""

    port: int
    host: str = "127.0.0.1"
    timeout: float = 30.0
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None
    _used_at: float = 0.0

    def get(self, path: str, headers: dict[str, str] | None = None, follow: bool = True) -> Reply:
        """Ask for a page; redirects are followed unless told otherwise."""
        reply = self._send("GET", path, None, headers or {})
        return self._followed(reply) if follow else reply

    def post(self, path: str, fields: Fields, headers: dict[str, str] | None = None, follow: bool = False) -> Reply:
        """Send a form; as multipart when it holds a file."""
        if any(isinstance(value, Upload) for value in fields.values()):
            body, kind = _multipart(fields)
        else:
            body, kind = urlencode(fields, doseq=True).encode(), "application/x-www-form-urlencoded"  # type: ignore[arg-type]
        sent = {"Content-Type": kind, "Referer": f"http://{self.host}:{self.port}{path}", **(headers or {})}
        reply = self._send("POST", path, body, sent)
        return self._followed(reply) if follow else reply

    def close(self) -> None:
        """Drop the connection; the cookies stay."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _followed(self, reply: Reply) -> Reply:
        for _ in range(5):
            if reply.status not in REDIRECTS:
                return reply
            target = urlsplit(urljoin(reply.path, reply.headers["location"]))
            reply = self._send("GET", target.path + (f"?{target.query}" if target.query else ""), None, {})
        raise RuntimeError(f"redirects without end at {reply.path}")

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Reply:
        if time.monotonic() > self._used_at + IDLE_SECONDS:
            self.close()  # the server closes an idle connection after two seconds
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
        if self.cookies:
            headers = {**headers, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        started = time.perf_counter()
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        seconds = time.perf_counter() - started
        self._used_at = time.monotonic()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value.strip()
        received = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, path, received, content, seconds)


def _multipart(fields: Fields) -> tuple[bytes, str]:
    boundary = secrets.token_hex(16)
    parts: list[bytes] = []
    for name, value in fields.items():
        if isinstance(value, Upload):
            disposition = f'form-data; name="{name}"; filename="{value.name}"\r\nContent-Type: {value.content_type}'
            contents = [value.content]
        else:
            disposition = f'form-data; name="{name}"'
            contents = [item.encode() for item in ([value] if isinstance(value, str) else value)]
        for content in contents:
            parts += [f"--{boundary}\r\nContent-Disposition: {disposition}\r\n\r\n".encode(), content, b"\r\n"]
    parts.append(f"--{boundary}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"
