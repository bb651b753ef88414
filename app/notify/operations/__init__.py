"""The verbs of messages: queue, edit, release, drop, send."""

from .editing import edit_message
from .queueing import drop_message, queue_message, release_batch, release_message

__all__ = ["drop_message", "edit_message", "queue_message", "release_batch", "release_message"]
