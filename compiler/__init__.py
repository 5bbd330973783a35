"""The Lenie compiler: one spec in, a resource graph out (see ARCHITECTURE.md)."""

__version__ = "0.1.0"
