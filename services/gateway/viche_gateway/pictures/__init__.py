"""Pictures drawn on the server, as SVG and as PNG."""
