"""Pictures of a hub: Mermaid, SVG, HTML."""
