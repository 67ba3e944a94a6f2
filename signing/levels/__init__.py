"""Signature levels, one file each."""
