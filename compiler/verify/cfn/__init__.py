"""CloudFormation templates read back: YAML with line numbers, intrinsic functions, values that come by SSM."""

from lenie.compiler.verify.cfn.reader import Stacks

__all__ = ["Stacks"]
