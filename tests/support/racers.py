"""Client processes that send one request each at one moment: nothing of Python's own locks orders what the server gets."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import urlencode

WARNING_SECONDS = 0.15


@dataclass(frozen=True)
class Shot:
    """One form, as the browser of one person sends it."""

    path: str
    fields: dict[str, str]
    cookies: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True)
class Echo:
    """What came back; status 0: no answer at all."""

    status: int
    body: str


class Racers:
    """So many processes, started once, used for many rounds."""

    def __init__(self, port: int, number: int) -> None:
        command = [sys.executable, str(Path(__file__)), str(port)]
        self.processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(number)]

    def __enter__(self) -> Racers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for process in self.processes:
            if process.stdin is not None:
                process.stdin.close()
            process.wait(60)
            if process.stdout is not None:
                process.stdout.close()

    def fire(self, shots: Sequence[Shot]) -> list[Echo]:
        """All of them at one moment, each by a process of its own."""
        moment = time.time() + WARNING_SECONDS
        chosen = self.processes[: len(shots)]
        for process, shot in zip(chosen, shots, strict=True):
            assert process.stdin is not None
            process.stdin.write(json.dumps({**asdict(shot), "moment": moment}) + "\n")
            process.stdin.flush()
        return [Echo(**json.loads(process.stdout.readline() if process.stdout else "")) for process in chosen]


def _send(connection: http.client.HTTPConnection, shot: dict[str, object], sent: str) -> Echo:
    try:
        headers = {**dict(shot["headers"]), "Cookie": "; ".join(f"{k}={v}" for k, v in dict(shot["cookies"]).items())}  # type: ignore[call-overload]
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST", str(shot["path"]), sent, headers)
        answer = connection.getresponse()
        return Echo(answer.status, answer.read().decode("utf-8", "replace")[:20_000])
    except (OSError, http.client.HTTPException) as error:
        return Echo(0, repr(error))


def _main() -> None:
    for line in sys.stdin:
        shot = json.loads(line)
        sent = urlencode(shot["fields"])
        connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=60)
        connection.connect()
        time.sleep(max(0.0, shot["moment"] - time.time()))
        print(json.dumps(asdict(_send(connection, shot, sent))), flush=True)
        connection.close()


if __name__ == "__main__":
    _main()
