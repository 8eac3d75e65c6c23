"""The rows `naive` and `naive with read`: dynamic providers as blog posts write them."""
