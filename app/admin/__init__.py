"""Platform console: users, organizations, settings, journal, jobs, calendar."""
