"""Removing what is past its time."""
