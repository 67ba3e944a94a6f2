"""What every room of the house stands on: settings, database, clock, registry, secrets, files, outbox, audit log.

Nothing here knows of procedures, people or HTTP.
"""
