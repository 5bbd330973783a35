"""The database's migrations, applied from a developer's machine: ``lenie db``.

`place` tells from a spec where the database of an environment is, `tunnel` leads to it through the bastion, and
`command` applies the steps of the project's own `library/migrations`.
"""
