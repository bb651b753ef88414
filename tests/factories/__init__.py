"""Makers of real rows with plain defaults: one module a feature. They flush, so ids exist; nothing surprising happens."""
