"""The database that the tests of synchronisation fill."""

from migration_support import database, server, surroundings

__all__ = ["database", "server", "surroundings"]
