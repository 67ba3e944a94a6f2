"""Pictures of every page, to be looked at by a person: what a tool cannot judge."""
