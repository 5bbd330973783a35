"""The base of all models of the spec language."""

from pydantic import BaseModel, ConfigDict


def kebab(field: str) -> str:
    """Return the name of a field as it stands in the spec."""
    return field.rstrip("_").replace("_", "-")


class Model(BaseModel):
    """Base of all models: no unknown fields, immutable, names in kebab-case."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, alias_generator=kebab)
