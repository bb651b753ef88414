"""Libraries that few pages need are imported when something of them is first used: a process starts sooner and stays smaller.

A module says so beside its imports, and type checker and import contracts go on seeing what it uses::

    if TYPE_CHECKING:
        import pypdf
    else:
        pypdf = later("pypdf")

Names of such a module must not be touched while the importing module itself is loaded. ``tests/architecture/test_start.py`` lists the
libraries that a web process has not imported when it begins to serve.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands for a module until something of it is asked for. Import locks make this safe in several threads."""

    def __getattr__(self, name: str) -> Any:
        value = getattr(import_module(self.__name__), name)
        setattr(self, name, value)  # the next time there is nothing to look up
        return value


def later(name: str) -> Any:
    """A stand-in for the module of that absolute name."""
    return _Later(name)
