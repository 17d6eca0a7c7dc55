"""Manners towards the hosts that we ask: how often, how many at once, and when to leave them in peace."""
