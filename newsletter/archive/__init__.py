"""The archive: news items in YAML files, asked through an index that is derived from them."""

from newsletter.archive.merging import Conflict, Difference, ImportReport
from newsletter.archive.naming import UNNAMED
from newsletter.archive.store import Archive

__all__ = ["UNNAMED", "Archive", "Conflict", "Difference", "ImportReport"]
