"""Bringing data here: from the web, from OpenML, from an archive; known again by a checksum."""
