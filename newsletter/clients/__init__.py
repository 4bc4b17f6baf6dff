"""What mail clients do with a mail: which HTML and CSS they know, how they recolour it, what their lists show.

Simulations from published data, no more: a client changes without notice, and only a test mail proves anything.
"""
