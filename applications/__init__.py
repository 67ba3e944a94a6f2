"""Drafts and applications: what was answered, when it was filed, what happened since."""
