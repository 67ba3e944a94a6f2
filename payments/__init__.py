"""Fees, providers and the ledger, to the yen."""
