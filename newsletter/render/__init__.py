"""From an edition to a message: themes in Jinja and MJML, inlined HTML, plain text, the web version."""
