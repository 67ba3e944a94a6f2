"""`make bench-catalogue`: a catalogue of a great city's size: checked, published, started, searched."""
