"""What the actions of feedback accept, one function per action, by theme as the actions are."""
