"""The report: one page by which a sceptical colleague can judge a project."""
