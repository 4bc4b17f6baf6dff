"""Drafting: what a person changes in an issue or in the archive, put into the text files, and taken back again."""
