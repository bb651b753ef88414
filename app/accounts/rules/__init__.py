"""Pure rules of accounts: passwords, document numbers, masking, throttling, the order of names."""
