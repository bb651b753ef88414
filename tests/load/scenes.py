"""The requests that are measured, each as one person makes it; what must come before a request is not timed."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from dataclasses import replace

from .browser import Browser, Fields, Reply, Upload
from .edition import CRITERIA, FIRST_DRAFT, PASSWORD, prose

Request = Callable[[], Reply]
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
FILE_SIZE = 2 * 1024 * 1024


def signed_in(port: int, name: str) -> Browser:
    """A browser in which the account of that name has signed in."""
    browser = Browser(port)
    address, fields = browser.get("/sign-in").form("form:has([name=password])")
    reply = browser.post(address, {**fields, "email": f"{name}@load.example", "password": PASSWORD})
    if reply.status != 303:
        raise LookupError(f"{name} could not sign in: {reply.status} {reply.text[:400]}")
    return browser


def pdf(number: int) -> bytes:
    """A one-page PDF of two megabytes, different each time: the bulk is a stream of random bytes."""
    bulk = random.Random(number).randbytes(FILE_SIZE)
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(bulk), bulk),
    )
    body, places = b"%PDF-1.7\n", []
    for place, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (place, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"xref\n0 5\n0000000000 65535 f \n" + table + trailer


def together(replies: list[Reply]) -> Reply:
    """Several answers as one: their time, statements and bytes summed, the first status that is not 200."""
    status = next((reply.status for reply in replies if reply.status != 200), 200)
    headers = {**replies[-1].headers, "x-meter-statements": str(sum(reply.statements for reply in replies))}
    body, seconds = b"".join(reply.body for reply in replies), sum(reply.seconds for reply in replies)
    return replace(replies[-1], status=status, headers=headers, body=body, seconds=seconds)


class Judging:
    """One judge at the desk."""

    def __init__(self, port: int, number: int = 1) -> None:
        self.browser = signed_in(port, f"judge{number}")
        self.source = random.Random(number)
        listed = re.findall(r"/desk/assignments/(\d+)", self.browser.get("/desk/").text)
        self.assignments = sorted({int(number) for number in listed})

    def address(self, number: int) -> str:
        return f"/desk/assignments/{self.assignments[number % len(self.assignments)]}"

    def queue(self, _number: int) -> Request:
        return lambda: self.browser.get("/desk/")

    def form(self, number: int) -> Request:
        return lambda: self.browser.get(self.address(number))

    def save(self, number: int) -> Request:
        """Save the sheet as the page's form stands, with other marks and another comment of 600 characters."""
        page = self.browser.get(self.address(number))
        address, fields = page.form(f'form[action="{self.address(number)}"]')
        marks: Fields = {f"mark-{name}": f"{self.source.randrange(0, 2 * full + 1) / 2:.1f}" for name, _zh, full in CRITERIA}
        comment = f"{self.source.getrandbits(64):x} {prose(self.source, 600)}"
        sent: Fields = {**fields, **marks, "comment": comment}
        return lambda: self.browser.post(address, sent)


class Entering:
    """A team's leader with many drafts; each sample hands another one in."""

    def __init__(self, port: int) -> None:
        self.browser = signed_in(port, "team1")

    def code(self, number: int) -> str:
        return f"D{FIRST_DRAFT + number + 3:07d}"

    def upload(self, number: int) -> Request:
        """A file of two megabytes into the draft."""
        page = self.browser.get(f"/my/entries/{self.code(number)}/files/plan")
        token = TOKEN.search(page.text)
        fields: Fields = {"csrf_token": token.group(1) if token else ""}
        file = Upload(f"plan-{number}.pdf", pdf(number), "application/pdf")
        return lambda: self.browser.post(f"/my/entries/{self.code(number)}/files/plan", {**fields, "file": file})

    def submit(self, number: int) -> Request:
        """Hand the draft with its file in."""
        address, fields = self.browser.get(f"/my/entries/{self.code(number)}/submit").form('form[action*="submit"], main form')
        return lambda: self.browser.post(address, {**fields, "confirmed": "yes"})


class Organizing:
    """The organizer's long pages."""

    def __init__(self, port: int) -> None:
        self.browser = signed_in(port, "organizer")
        self.run = ""

    def entries(self, size: int, page: int = 1) -> Callable[[int], Request]:
        """The entries table with scores, best first."""
        columns = "public_code,title,state,unit,submitted,score"
        path = f"/manage/load-judging/entries/?sort=-score&size={size}&cols={columns}&page={page}"
        return lambda _number: lambda: self.browser.get(path)

    def all_entries(self, entries: int) -> Callable[[int], Request]:
        """The whole table: its pages of 250 rows one after the other, as one request."""
        pages = [self.entries(250, page)(0) for page in range(1, 1 + -(-entries // 250))]
        return lambda _number: lambda: together([page() for page in pages])

    def compute(self) -> Reply:
        """Compute the result of the sealed stage, in the request or by the worker; the answer leads to the run."""
        begun = time.perf_counter()
        address, fields = self.browser.get("/manage/load-judging/results/").form('form[action$="/results/compute"]')
        reply = self.browser.post(address, {**fields, "stage_id": "2", "call_id": "1", "reason": ""})
        while "/orders/" in reply.headers.get("location", reply.path):
            time.sleep(0.1)
            reply = self.browser.get(reply.headers.get("location", reply.path), follow=False)
        self.run = reply.headers.get("location", "")
        return replace(reply, seconds=time.perf_counter() - begun)

    def result(self, _number: int) -> Request:
        return lambda: self.browser.get(self.run)


class Visiting:
    """Somebody without an account."""

    def __init__(self, port: int) -> None:
        self.browser = Browser(port)

    def page(self, path: str) -> Callable[[int], Request]:
        return lambda _number: lambda: self.browser.get(path)

    def unchanged(self, path: str) -> Callable[[int], Request]:
        """The same page, asked for again by a browser that has it."""
        tag = self.browser.get(path).headers.get("etag", "")
        return lambda _number: lambda: self.browser.get(path, headers={"If-None-Match": tag})
