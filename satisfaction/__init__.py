"""How it was: ratings, reasons, and what fell below the promise."""
