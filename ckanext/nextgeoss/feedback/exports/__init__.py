"""Feedback as others read it: GUF, Atom, JSON-LD, CSV, and as NiMMbus answers."""
