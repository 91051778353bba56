"""How fast, how many queries, how many bytes, how much memory: measured on the same data set, on both databases."""
