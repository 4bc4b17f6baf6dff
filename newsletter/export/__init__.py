"""Handing a message over: files, .eml, and later mailing services."""
