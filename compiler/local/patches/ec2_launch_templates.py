"""EC2: the tags of a launch template are its own.

Moto 5.2.5 adds the tags that CreateLaunchTemplate gives to the template itself to the data of its first version, so
that the version says something that nobody asked for. It tells a copy of the tags, which no change reaches.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateBackend


def apply() -> None:
    """Take out of the data what moto has put there: the last entries, one for each kind of resource."""
    create = LaunchTemplateBackend.create_launch_template

    def create_launch_template(
        self: LaunchTemplateBackend,
        name: str,
        description: str,
        template_data: dict[str, Any],
        tag_spec: dict[str, dict[str, str]],
    ) -> LaunchTemplate:
        if tag_spec:
            own = template_data["TagSpecifications"][: -len(tag_spec)]
            template_data = {**template_data, "TagSpecifications": own}
            if not own:
                del template_data["TagSpecifications"]
        return create(self, name, description, template_data, tag_spec)

    LaunchTemplateBackend.create_launch_template = create_launch_template  # type: ignore[method-assign]
    LaunchTemplate.tags = property(LaunchTemplate.get_tags, _unset)  # type: ignore[assignment]


def _unset(self: LaunchTemplate, value: Any) -> None:
    """Keep no copy of the tags."""
