"""The edge: HTTP, pages and commands. Commit happens here."""
