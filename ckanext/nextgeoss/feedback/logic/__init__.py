"""Actions on feedback, who may call them, and what they take."""
