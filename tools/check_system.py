"""Say which system packages are missing for a purpose, and install them where apt can.

Usage: check_system.py run|test [--dry-run]. Standard library only; exits 1 only when nothing can work without it.
"""

import argparse
import ctypes
import ctypes.util
import os
import shutil
import subprocess
import sys
from typing import NamedTuple


class Need(NamedTuple):
    """One thing the system must offer, and the package that brings it on each family of systems."""

    what: str
    probe: str
    apt: tuple[str, ...]
    dnf: str
    brew: str


VENV = Need("virtual environments", "venv", ("python3-venv",), "python3", "python@3.12")
NEEDS = {
    "run": (
        VENV,
        Need("PDF layout (Pango)", "library:pango-1.0", ("libpango-1.0-0",), "pango", "pango"),
        Need("PDF fonts (Pango FreeType)", "library:pangoft2-1.0", ("libpangoft2-1.0-0",), "pango", "pango"),
        Need("small PDF files", "library:harfbuzz-subset", ("libharfbuzz-subset0",), "harfbuzz", "harfbuzz"),
        Need("font selection", "command:fc-match", ("fontconfig",), "fontconfig", "fontconfig"),
        Need("Chinese fonts, about 60 MB", "font", ("fonts-noto-cjk",), "google-noto-serif-cjk-fonts", ""),
    ),
    "test": (
        Need("browser tests, about 80 MB", "browser", ("chromium",), "chromium", "--cask chromium"),
        Need("the program that drives the browser", "driver", ("libatomic1",), "libatomic", ""),
        Need("reading PDFs in tests", "command:pdftotext", ("poppler-utils",), "poppler-utils", "poppler"),
    ),
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def has_library(name: str) -> bool:
    """Whether the dynamic loader finds the shared library."""
    if ctypes.util.find_library(name):
        return True
    for pattern in ("lib{}.so.0", "lib{}.so.1", "lib{}.0.dylib"):
        try:
            ctypes.CDLL(pattern.format(name))
        except OSError:
            continue
        return True
    return False


def has_chinese_font() -> bool:
    """Whether fontconfig knows a font for simplified Chinese (macOS brings its own)."""
    if sys.platform == "darwin":
        return True
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def has_venv() -> bool:
    """Whether this Python can make a virtual environment with pip in it."""
    probe = subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False)
    return probe.returncode == 0


def find_browser() -> str:
    """The path of a Chromium that the browser tests can drive, or an empty string."""
    named = os.environ.get("CHROMIUM", "")
    if named and shutil.which(named):
        return named
    return next((path for path in map(shutil.which, BROWSERS) if path), "")


def has_driver_library() -> bool:
    """Whether Playwright's own program can start: on Linux it wants libatomic, which a bare system lacks."""
    return sys.platform != "linux" or has_library("atomic")


def satisfied(need: Need) -> bool:
    """Whether the machine already offers what this need asks for."""
    kind, _, name = need.probe.partition(":")
    if kind == "library":
        return has_library(name)
    if kind == "command":
        return shutil.which(name) is not None
    probes = {"venv": has_venv, "font": has_chinese_font, "browser": lambda: bool(find_browser()), "driver": has_driver_library}
    return probes[kind]()


def distribution() -> str:
    """The ID field of /etc/os-release, or an empty string."""
    try:
        with open("/etc/os-release", encoding="utf-8") as file:
            fields = dict(line.rstrip().split("=", 1) for line in file if "=" in line)
    except OSError:
        return ""
    return fields.get("ID", "").strip('"')


def apt_packages(missing: list[Need]) -> list[str]:
    """The Debian packages that bring the missing needs; Ubuntu's chromium package is a snap and is left out."""
    packages = [package for need in missing for package in need.apt]
    if VENV in missing:
        # A Python beside the distribution's own (3.12 on a 3.11 system) has its own package.
        own = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        packages = [own if package == "python3-venv" else package for package in packages]
    if distribution() == "ubuntu":
        packages = [package for package in packages if package != "chromium"]
    return packages


def privilege() -> list[str] | None:
    """The words before apt-get that make it run as root; None when this user cannot become root."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n"]
    return ["sudo"] if sys.stdin.isatty() else None


def apt_install(packages: list[str], dry_run: bool) -> bool:
    """Install with apt, saying so first; False when that is impossible or failed."""
    line = "apt-get install -y --no-install-recommends " + " ".join(packages)
    prefix = privilege()
    if prefix is None:
        print("Not root and no usable sudo here. Please run:  sudo " + line)
        return False
    print("Installing with apt: " + " ".join(packages), flush=True)
    if dry_run:
        return False
    # sudo drops the environment, so the setting travels on the command line.
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    quiet = ["-qq", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=120"]
    subprocess.run([*apt, "update", *quiet], stdin=subprocess.DEVNULL, check=False)
    command = [*apt, "install", "-y", "--no-install-recommends", *quiet, *packages]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        print("apt did not succeed. Please run:  sudo apt-get update && sudo " + line)
    return done.returncode == 0


def advise(missing: list[Need]) -> None:
    """Print the exact line for a system without apt."""
    if sys.platform == "darwin":
        names = sorted({need.brew for need in missing if need.brew})
        print("Please install with Homebrew:")
        for name in names:
            print("    brew install " + name)
    elif shutil.which("dnf"):
        print("Please run:  sudo dnf install " + " ".join(sorted({need.dnf for need in missing})))
    else:
        print("Please install what your system calls: " + " ".join(apt_packages(missing)))


def consequence(missing: list[Need]) -> int:
    """One sentence for each thing that will not work, and whether to stop."""
    if VENV in missing:
        print("Without it no Python environment can be built. Stopping here.")
        return 1
    probes = {need.probe for need in missing}
    if "driver" in probes:
        print("The browser tests will be skipped and say so: libatomic is missing.")
    if "browser" in probes:
        hint = "  On Ubuntu: sudo snap install chromium" if distribution() == "ubuntu" else ""
        print("The browser tests will be skipped and say so: no Chromium found (CHROMIUM=/path names one)." + hint)
    if any(probe.startswith("library:") for probe in probes):
        print("Going on: everything works except PDF documents (certificates, score sheets, receipts).")
    elif "font" in probes:
        print("Going on: PDF documents will lack Chinese characters.")
    return 0


def main() -> int:
    """Check, install, and check again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("purpose", choices=sorted(NEEDS))
    parser.add_argument("--dry-run", action="store_true", help="say what would be installed, install nothing")
    options = parser.parse_args()
    needs = NEEDS["run"] + (NEEDS["test"] if options.purpose == "test" else ())
    missing = [need for need in needs if not satisfied(need)]
    if not missing:
        return 0
    print("Missing on this system: " + "; ".join(need.what for need in missing))
    if shutil.which("apt-get"):
        packages = apt_packages(missing)
        if packages and apt_install(packages, options.dry_run):
            missing = [need for need in missing if not satisfied(need)]
    else:
        advise(missing)
    return consequence(missing) if missing else 0


if __name__ == "__main__":
    if os.name == "nt":
        sys.exit("Native Windows is not supported; please use WSL (wsl --install) and start again there.")
    sys.exit(main())
