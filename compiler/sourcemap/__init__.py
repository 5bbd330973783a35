"""The source map of a target: which line of its files says what, and which place in the spec that stems from (ADR 20).

`write` makes it while the target is compiled, `read` checks and reads it back, `find` looks lines and places up in it,
and `command` is ``lenie explain FILE:LINE``.
"""
