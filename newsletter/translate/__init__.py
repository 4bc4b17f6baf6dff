"""The texts of an issue on their way to a translator and back: which there are, XLIFF and CSV, and what is taken."""
