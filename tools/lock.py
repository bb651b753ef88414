"""Resolve pyproject.toml into the three lock files, and package.json into its own where npm is installed.

The files name versions and digests, never an index: every user's own mirror serves them.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".venv" / "bin" / "uv"
UV_VERSION = "0.13.8"
COMPILE = ("pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header",
           "--no-emit-index-url", "--no-emit-find-links", "--no-annotate")  # fmt: skip


def uv(*arguments: str, text: str = "") -> None:
    """Run uv's resolver in the project's folder."""
    environment = dict(os.environ, UV_SYSTEM_CERTS="1")
    subprocess.run([UV, *COMPILE, *arguments], cwd=ROOT, env=environment, input=text, text=True, check=True)


def main() -> int:
    """Write every lock file; `--upgrade` among the arguments takes newer versions where they are allowed."""
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    uv("pyproject.toml", "-o", "requirements.lock", *upgrade)
    uv("pyproject.toml", "--group", "dev", "-c", "requirements.lock", "-o", "requirements-dev.lock", *upgrade)
    uv("-", "-o", "requirements-uv.lock", text=f"uv=={UV_VERSION}\n")
    if shutil.which("npm"):
        options = ("--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund")
        subprocess.run(["npm", "install", *options], cwd=ROOT, check=True, stdin=subprocess.DEVNULL)
    else:
        print("npm is not installed: package-lock.json stays as it is")
    return 0


if __name__ == "__main__":
    sys.exit(main())
