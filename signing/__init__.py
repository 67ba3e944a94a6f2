"""Signatures of applicants, the seal of the office, and telling whether a document is genuine."""
