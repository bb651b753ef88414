"""Long files: ordered on a page, made by the worker, fetched within a day by the person who ordered them."""
