"""Issue definitions, and the ledger of published issues."""
