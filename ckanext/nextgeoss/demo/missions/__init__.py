"""One module a mission: its collections, and how its products are named and described."""
