"""The preview: an issue as readers will see it, in a browser, while its files are edited."""
