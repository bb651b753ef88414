"""PDF making, document numbers, seal images, verification codes."""
