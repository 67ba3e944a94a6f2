"""What entering a state can do, one file each."""
