"""One module for each component of the architecture."""
