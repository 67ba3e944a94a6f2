"""A case on its way: the engine, its actions and effects, and the desk."""
