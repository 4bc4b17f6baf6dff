"""A proof: one file that shows an edition to the person who approves it, and needs nothing else to be opened."""

from newsletter.proof.making import Comment, Proof, proofs
from newsletter.proof.page import proof_page

__all__ = ["Comment", "Proof", "proof_page", "proofs"]
