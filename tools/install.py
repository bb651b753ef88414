"""Build `.venv` and install a hash-locked list of packages into it.

Usage: install.py LOCKFILE. uv does the work when it can be had, pip otherwise; both check every hash.
Mirrors and private certificates set for pip are honoured by both. Standard library only.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
BIN = ENVIRONMENT / "bin"


def run(*command: object, **options: Any) -> bool:
    """Run a command and say whether it succeeded."""
    try:
        return subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, check=False, **options).returncode == 0
    except OSError:
        return False


def works() -> bool:
    """Whether the environment's Python starts (it stops doing so when the system's Python was replaced)."""
    return run(BIN / "python", "-m", "pip", "--version", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def ensure_environment() -> None:
    """Create the environment, or make it anew when its Python no longer starts."""
    if works():
        return
    print("Creating .venv with Python " + sys.version.split()[0], flush=True)
    venv.create(ENVIRONMENT, with_pip=True, clear=ENVIRONMENT.exists(), symlinks=True)


def pip_setting(name: str) -> str:
    """A setting of pip's configuration files, or an empty string."""
    command = [str(BIN / "python"), "-m", "pip", "config", "get", "global." + name]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout.strip() if answer.returncode == 0 else ""


def uv_settings() -> dict[str, str]:
    """The environment for uv: the system's certificates, and pip's mirror, which uv does not read by itself."""
    settings = dict(os.environ, UV_SYSTEM_CERTS="1", UV_NO_PROGRESS="1")
    mirror = os.environ.get("PIP_INDEX_URL") or pip_setting("index-url")
    if mirror and "UV_DEFAULT_INDEX" not in os.environ:
        settings["UV_DEFAULT_INDEX"] = mirror
    certificates = os.environ.get("PIP_CERT") or pip_setting("cert")
    if certificates and "SSL_CERT_FILE" not in os.environ and Path(certificates).is_file():
        settings["SSL_CERT_FILE"] = certificates
    return settings


def ensure_uv() -> bool:
    """Whether uv is there, after trying to install the locked one."""
    if (BIN / "uv").exists():
        return True
    locked = ROOT / "requirements-uv.lock"
    return run(BIN / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", "--only-binary=:all:",
               "--require-hashes", "-r", locked)  # fmt: skip


def install(lock: Path) -> int:
    """Install the locked packages; the exit code."""
    print("Installing the packages of " + lock.name, flush=True)
    arguments = ("install", "-q", "--require-hashes", "-r", lock)
    if ensure_uv() and run(BIN / "uv", "pip", *arguments, "--python", BIN / "python", env=uv_settings()):
        return 0
    print("uv could not do it; trying pip", flush=True)
    if run(BIN / "python", "-m", "pip", *arguments, "--disable-pip-version-check"):
        return 0
    print("The packages could not be installed. Behind a mirror, set PIP_INDEX_URL; see docs/OPERATIONS.md.")
    return 1


def main() -> int:
    """Build the environment, install."""
    ensure_environment()
    return install(ROOT / sys.argv[1])


if __name__ == "__main__":
    sys.exit(main())
