"""The demonstration's invented cases: people, what they file, and what becomes of it, day by day in the right order.

Everything goes through the real services with the clock set back; nothing is written past them.
"""
