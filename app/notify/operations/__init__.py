"""The verbs of messages: queue, release, drop, send."""

from .queueing import drop_message, queue_message, release_batch, release_message

__all__ = ["drop_message", "queue_message", "release_batch", "release_message"]
