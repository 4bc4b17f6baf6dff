"""What people wrote, made safe: characters, addresses, Markdown to HTML and to plain text, series blurbs.

All content is untrusted. Everything here is pure, and quick for plain text: the Markdown parser and the
sanitiser are imported only when a text has any Markdown in it.
"""

from newsletter.content.blurbs import own_part
from newsletter.content.characters import clean, dropped, is_clean, squeeze, text_direction
from newsletter.content.markdown import inline_html, plain_paragraphs, to_html
from newsletter.content.prose import TextBlock, plain, text_blocks
from newsletter.content.urls import safe_url

__all__ = [
    "TextBlock",
    "clean",
    "dropped",
    "inline_html",
    "is_clean",
    "own_part",
    "plain",
    "plain_paragraphs",
    "safe_url",
    "squeeze",
    "text_blocks",
    "text_direction",
    "to_html",
]
