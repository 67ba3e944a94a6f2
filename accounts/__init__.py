"""Organisations, their desks, and the clerks who work at them."""
