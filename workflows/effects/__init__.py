"""What the outbox performs after the commit, one file each."""
