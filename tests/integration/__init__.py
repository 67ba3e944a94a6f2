"""Parts with a database or a real partner."""
