"""Pages, a file for each part of the site; each has `blueprint`."""
