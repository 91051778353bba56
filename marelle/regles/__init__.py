"""The rules of a collectivité, pure: frozen data in, a verdict out. No Django, no clock, no input or output."""
