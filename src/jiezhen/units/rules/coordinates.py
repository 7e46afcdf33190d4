"""Coordinates as China uses them: WGS-84 inside, GCJ-02 and BD-09 converted at the edge.

GCJ-02 (phones in China, 高德, 腾讯) shifts a point by some hundred metres,
BD-09 (百度) shifts it once more. The shift is smooth, so that its inverse is found by iteration
to less than a millimetre. Outside a rectangle round China nothing is shifted. The constants
are the published ones of the Krasovsky ellipsoid that every open implementation uses.
"""

from collections.abc import Callable
from typing import Any, Literal, get_args

import numpy as np

System = Literal["wgs84", "gcj02", "bd09"]
SYSTEMS: tuple[System, ...] = get_args(System)
#: A number or an array of numbers, in degrees.
Degrees = Any

_A, _EE = 6378245.0, 0.00669342162296594323
_BD = np.pi * 3000.0 / 180.0
#: Passes of the inverse; each one makes the rest about a thousand times smaller.
_PASSES = 6


def in_china(lon: Degrees, lat: Degrees) -> Degrees:
    """Say whether points lie in the rectangle in which GCJ-02 shifts them."""
    return (lon > 72.004) & (lon < 137.8347) & (lat > 0.8293) & (lat < 55.8271)


def _waves(x: Degrees) -> Degrees:
    return 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)


def _shift(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (
        _waves(x)
        + 20.0 * np.sin(y * np.pi)
        + 40.0 * np.sin(y / 3.0 * np.pi)
        + 160.0 * np.sin(y / 12.0 * np.pi)
        + 320.0 * np.sin(y * np.pi / 30.0)
    ) * (2.0 / 3.0)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (
        _waves(x)
        + 20.0 * np.sin(x * np.pi)
        + 40.0 * np.sin(x / 3.0 * np.pi)
        + 150.0 * np.sin(x / 12.0 * np.pi)
        + 300.0 * np.sin(x / 30.0 * np.pi)
    ) * (2.0 / 3.0)
    radians = lat / 180.0 * np.pi
    magic = 1 - _EE * np.sin(radians) ** 2
    return (
        east * 180.0 / (_A / np.sqrt(magic) * np.cos(radians) * np.pi),
        north * 180.0 / (_A * (1 - _EE) / (magic * np.sqrt(magic)) * np.pi),
    )


def wgs84_to_gcj02(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """Return where GCJ-02 draws points of WGS-84; the same points outside China."""
    inside = in_china(lon, lat)
    east, north = _shift(lon, lat)
    return np.where(inside, lon + east, lon), np.where(inside, lat + north, lat)


def _gcj02_to_bd09(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    inside = in_china(lon, lat)
    far = np.sqrt(lon * lon + lat * lat) + 0.00002 * np.sin(lat * _BD)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD)
    return (
        np.where(inside, far * np.cos(angle) + 0.0065, lon),
        np.where(inside, far * np.sin(angle) + 0.006, lat),
    )


def wgs84_to_bd09(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """Return where BD-09 draws points of WGS-84; the same points outside China."""
    return _gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


Forward = Callable[[Degrees, Degrees], tuple[Degrees, Degrees]]
_FORWARD: dict[System, Forward] = {"gcj02": wgs84_to_gcj02, "bd09": wgs84_to_bd09}


def to_wgs84(lon: Degrees, lat: Degrees, system: System) -> tuple[Degrees, Degrees]:
    """Return points of a system in WGS-84, numbers or arrays alike; unit: degrees.

    Shape: two floats for two numbers, two arrays for arrays. The inverse is iterated; inside
    China it is right to less than a millimetre, outside nothing is changed.
    """
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    if system != "wgs84":
        inside, forward = in_china(x, y), _FORWARD[system]
        guess_x, guess_y = x, y
        for _ in range(_PASSES):
            there_x, there_y = forward(guess_x, guess_y)
            guess_x, guess_y = guess_x + (x - there_x), guess_y + (y - there_y)
        x, y = np.where(inside, guess_x, x), np.where(inside, guess_y, y)
    return (float(x), float(y)) if x.ndim == 0 else (x, y)


def from_wgs84(lon: Degrees, lat: Degrees, system: System) -> tuple[Degrees, Degrees]:
    """Return points of WGS-84 in another system: the way back of `to_wgs84`."""
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    if system != "wgs84":
        x, y = _FORWARD[system](x, y)
    return (float(x), float(y)) if np.ndim(x) == 0 else (x, y)
