"""The procedure language: from a department's YAML file to frozen, checked, published definitions."""
