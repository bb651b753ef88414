"""Public portal, contest pages, notices, verification pages."""
