"""Automatic checks of the quality of what the catalogue holds: checks, score, links, runs and reports."""
