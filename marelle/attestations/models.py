"""Certificates: what a payer paid for the care of young children in a year, and attendance."""
