"""Paths survive being written as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenie.compiler.sourcemap.paths import decode, encode
from lenie.compiler.span import Path, dotted

STEP = st.one_of(
    st.integers(0, 999_999_999), st.text(min_size=1, max_size=8), st.sampled_from(["a", "a-b", "[0]", "."])
)


@given(st.lists(STEP, max_size=6).map(tuple))
def test_round_trip(path: Path) -> None:
    assert decode(encode(path)) == path


def test_simple_paths_are_written_as_everywhere() -> None:
    path: Path = ("components", "vpc", "resources", "vpc", "subnets", "public", "cidrs", 1)
    assert encode(path) == dotted(path) == "components.vpc.resources.vpc.subnets.public.cidrs[1]"
    assert encode(("Tags", "kubernetes.io/role/elb")) == 'Tags["kubernetes.io/role/elb"]'


@pytest.mark.parametrize("text", [".a", "a..b", "a.", "a[", "a[-1]", "a[x]", 'a["x]', "a b", "[0].", "a[0]b"])
def test_what_is_no_path(text: str) -> None:
    with pytest.raises(ValueError, match="is no path"):
        decode(text)
