"""The command line, a file for each group; each has `group`."""
