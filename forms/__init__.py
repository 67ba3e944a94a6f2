"""From a definition to a page that can be shown, filled in and validated. Field types are files in `forms/fields`."""
