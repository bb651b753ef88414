"""PDF files, gap-free document numbers, verification codes, seals."""
