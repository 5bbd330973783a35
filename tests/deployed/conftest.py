"""The emulator and the small project that the tests of deployment work with."""

from deploy_world import emulator, running_emulator, world

__all__ = ["emulator", "running_emulator", "world"]
