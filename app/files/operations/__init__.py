"""Receiving, storing and sweeping files."""

from .storing import Received, receive, store_bytes, store_upload

__all__ = ["Received", "receive", "store_bytes", "store_upload"]
