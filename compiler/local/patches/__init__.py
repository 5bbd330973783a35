"""What the emulator replaces in moto, one module for each service; every module has `apply()`.

Each says what of moto 5.2.5 it replaces and why, and has a test that fails as soon as moto does it itself.
"""
