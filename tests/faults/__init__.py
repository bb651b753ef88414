"""Killing real processes while people save, and counting what was lost."""
