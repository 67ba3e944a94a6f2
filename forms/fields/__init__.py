"""Field types, one file each; see `forms.types.FieldType` for what a file must offer."""
