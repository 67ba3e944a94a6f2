"""Finding a procedure among very many: how texts are compared, what is kept to be searched, life events."""
