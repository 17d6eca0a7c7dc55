"""Feedback that comes from elsewhere: files of GUF, answers of NiMMbus."""
