"""AWS on this machine: moto's services behind a CloudFormation of our own that loses nothing.

The emulator is a third opinion on what is generated: it imports neither `lenie.targets` nor `lenie.compiler.verify`.
"""
