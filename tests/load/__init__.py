"""Measuring: how much time, processor, statements and bytes a page costs."""
