"""Facts about the provider that come from elsewhere; the tools named in the files write them."""
