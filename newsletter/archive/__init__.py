"""The archive: news items in YAML files, asked through an index that is derived from them."""

from newsletter.archive.store import Archive

__all__ = ["Archive"]
