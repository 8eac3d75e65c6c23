"""A hub drawn as SVG or Mermaid."""
