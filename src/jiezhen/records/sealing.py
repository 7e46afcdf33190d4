"""Sealed values of records; how they are sealed is decided in `people.sealing`."""

from jiezhen.people.sealing import Unopenable, finger, seal, unseal

__all__ = ["Unopenable", "finger", "seal", "unseal"]
