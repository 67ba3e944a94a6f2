"""Documents: HTML templates, PDF rendering, the archive of what was issued."""
