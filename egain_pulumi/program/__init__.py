"""PROGRAM SIDE: what a program declares. Makes no API call and imports nothing of `plugin`."""
