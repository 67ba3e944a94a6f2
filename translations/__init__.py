"""Languages: texts with fallback, the interface's catalogues, negotiation, dates and furigana."""
