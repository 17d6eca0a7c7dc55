"""Feedback in XML (OGC 15-098r1): written by the fields of the parts, and read without regard to versions."""
