"""PROGRAM SIDE: what a program declares. Makes no API call and loads nothing of `plugin`."""
