"""Programs of the project: installing, measuring, taking pictures, writing tables."""
