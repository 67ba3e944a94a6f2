"""Makers of invented people and cases."""
