"""What our OGC APIs have in common: the format that is wanted, and each document as a page for people."""
