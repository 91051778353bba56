"""The pages of the families, by what they are about."""
