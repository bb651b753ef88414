"""Reading for the console and the supervisor's seat, by page."""
