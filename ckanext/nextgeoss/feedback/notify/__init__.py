"""Mails that tell users of feedback: who is told of what, when, and in which words."""
