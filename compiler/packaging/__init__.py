"""Packages of functions and layers: reproducible zips, named by the digest of their sources (ADR 16).

`plan` tells from a spec which packages there are, `archive` writes zips, `wheels` fills layers with pip, `store` keeps
what was built, `upload` puts it into the artifacts' bucket, and `command` is what ``lenie package`` does.
"""
