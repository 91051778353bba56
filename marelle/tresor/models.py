"""What goes to the accountant: neutral exports, PES v2, what the Treasury returns, the hours of the Caf."""
