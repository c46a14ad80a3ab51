"""A new project: its starting values, its commented apprenti.toml, the first model."""
