"""Maps `compiler/` and `targets/` to `lenie.compiler` and `lenie.targets`; everything else is in pyproject.toml.

A list of packages in pyproject.toml would need an edit for every new directory, and its discovery cannot rename.
"""

from setuptools import find_packages, setup

ROOTS = ("compiler", "targets")

setup(
    packages=[f"lenie.{name}" for root in ROOTS for name in (root, *(f"{root}.{sub}" for sub in find_packages(root)))],
    package_dir={f"lenie.{root}": root for root in ROOTS},
)
