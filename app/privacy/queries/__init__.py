"""Where a person is known."""
