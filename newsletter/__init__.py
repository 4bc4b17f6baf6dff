"""Turn an archive of news items into a finished email."""

__version__ = "0.1.0"
