"""A stand-in for Terraform's AWS provider, for tests: the real schema, served to the real `terraform`, applied to moto.

It speaks the plugin protocol, version 6, and takes the provider's attribute schema from the file that
`tools/extract_tf_schema.py` makes of the provider's generated bindings. Plans are computed for all types of that file.
Only the types of `standin.resources` can be applied: into moto, through boto3, and only on a loopback address.

What a green test says: Terraform's own core accepts the configuration, with the provider's attribute schema, and what
the configuration asks for is what the emulated AWS then has. What it does not say: what the real provider checks beyond
its schema (values, combinations), which of its changes replace a resource, and what AWS itself refuses.

Source of the protocol: https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol
"""
