"""Commands for the daily work with a deployed architecture."""
