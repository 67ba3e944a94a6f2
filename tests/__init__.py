"""The tests of the rooms and of the house."""
