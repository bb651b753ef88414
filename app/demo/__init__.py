"""Demonstration data: an invented district with its contests, people and companies. Nothing here is real."""
