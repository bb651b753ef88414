"""One module a section of the edition."""
