"""Code that the functions with ``library: true`` share; it is packaged with each of them."""
