"""The eleven items of a project, each decided by what is there, never by an answer alone."""
