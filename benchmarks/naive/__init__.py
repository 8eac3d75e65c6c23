"""The rows `naive` and `naive with read`: a dynamic provider as blog posts write it."""
