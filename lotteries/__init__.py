"""The verifiable draw."""
