"""What an administrator may change while the system runs, and the working-day calendar."""
