"""The demonstration office 云岫街道（虚构）, made by chance with a fixed seed.

It goes through the ordinary operations. Nothing in it is a real place, person or figure.
"""

from jiezhen.conf.demonstration.build import build

__all__ = ["build"]
