"""Paying online: attempts through PayFiP, and what they become."""
