"""The verbs of ordered files."""

from .making import begin_making, fail_making, finish_making, note_progress
from .ordering import expire_downloads, note_fetched, order_download

__all__ = ["begin_making", "expire_downloads", "fail_making", "finish_making", "note_fetched", "note_progress", "order_download"]
