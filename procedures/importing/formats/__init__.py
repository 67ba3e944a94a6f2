"""The formats of forms that can be imported, a file each."""
