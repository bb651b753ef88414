"""What happened in the invented district: one module a contest, told through the same operations that people use."""
