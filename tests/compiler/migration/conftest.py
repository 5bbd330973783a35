"""The database, the bastion and the account that the tests of migrations work with."""

from migration_support import account, bastion, database, secure, server, surroundings

__all__ = ["account", "bastion", "database", "secure", "server", "surroundings"]
