"""Feedback as rows of the database."""
