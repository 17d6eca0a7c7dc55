"""A catalogue of products of our own making, and the provider simulator that serves it."""
