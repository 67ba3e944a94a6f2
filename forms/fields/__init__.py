"""The field types: one file each, found by name (`core.registry`)."""
