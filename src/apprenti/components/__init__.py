"""Pieces of pages, as HTML and SVG: for the report, and for all other pages."""
