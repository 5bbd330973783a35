"""The functions would log in as the master user of the database.

`app-user` logs in with a token of IAM, so it is granted `rds_iam`; whoever has that role cannot log in with a password
any more. The master user needs its password: RDS sets it from the secret, and without it nobody could create other
users. Besides, the master user may do everything, and functions need little.
Source: Amazon RDS User Guide, "Creating a database account using IAM authentication".

Wrong:

    login:    {kind: secret, generate: {username: lenie}, ...}
    database: {kind: database, credentials: login, app-user: lenie, ...}

Right:

    login:    {kind: secret, generate: {username: lenie}, ...}
    database: {kind: database, credentials: login, app-user: lenie_app, ...}
"""

from __future__ import annotations

from lenie.compiler.kinds.database import Database
from lenie.compiler.kinds.secret import Secret
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding

CODE = "E341"


def check(program: Program, finding: Finding) -> None:
    """Report databases whose user of IAM is the master user."""
    for declaration, database in program.of(Database):
        found = program.find(database.credentials.name, Secret)
        generate = found[1].generate if found is not None else None
        if found is not None and generate is not None and database.app_user == generate.username:
            finding(
                f'"{database.app_user}" is the master user: with tokens of IAM its password would stop working',
                declaration.at("app-user"),
                also=[(found[0].at("generate", "username"), "the master user")],
                help=f"use another user: {database.app_user}_app",
            )
