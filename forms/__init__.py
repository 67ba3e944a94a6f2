"""From a definition to a page that can be shown, filled in and validated. The field types are files in `forms/fields`."""
