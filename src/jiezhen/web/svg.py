"""Turns the renderer's SVG into one that may stand inside a page.

Our Content-Security-Policy refuses `style` attributes and elements, and pages hold several charts,
so: only listed elements and attributes stay, declarations of `style` become attributes, ids get a
prefix of their own, and every colour of our palette also becomes a class, which lets the stylesheet
give the dark one. English descriptions made by the renderer go; the chart's own sentence comes.
"""

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString

from jiezhen.web import chart_theme

SVG = "http://www.w3.org/2000/svg"
# Regions without data are drawn in this colour and then hatched; no other mark may use it.
HATCH = "#fade00"
ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "path",
        "line",
        "rect",
        "text",
        "tspan",
        "circle",
        "defs",
        "clipPath",
        "pattern",
        "title",
    ]
)
ATTRIBUTES = frozenset(
    [
        "d",
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "dx",
        "dy",
        "width",
        "height",
        "viewBox",
        "transform",
        "points",
        "id",
        "fill",
        "fill-opacity",
        "stroke",
        "stroke-width",
        "stroke-opacity",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "opacity",
        "display",
        "clip-path",
        "text-anchor",
        "dominant-baseline",
        "font-size",
        "font-weight",
        "font-family",
        "pointer-events",
        "patternUnits",
        "patternTransform",
        "version",
    ]
)
CLASSES: dict[str, str] = {
    "#ffffff": "card",
    "white": "card",
    "#1b211e": "ink",
    "#47504a": "label",
    "#e3e6e1": "grid",
    "#767f78": "axis",
    "#0f5c6e": "cat-1",
    "#c25e00": "cat-2",
    "#5b4b9a": "cat-3",
    "#4a7a1e": "cat-4",
    "#a83262": "cat-5",
    "#6b5b45": "cat-6",
}
_LOCAL = re.compile(r"url\(['\"]?#([\w-]+)['\"]?\)")
_DANGER = re.compile(r"url\s*\(|javascript:|expression\s*\(|@import|&", re.IGNORECASE)


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _declared(style: str) -> dict[str, str]:
    """Split `fill: red; opacity: .5` into attributes."""
    pairs = (part.partition(":") for part in style.split(";") if ":" in part)
    return {name.strip(): value.strip() for name, _colon, value in pairs}


def _safe(name: str, value: str, prefix: str) -> str | None:
    """Return the value with its reference prefixed, or None when it may not stay."""
    if name not in ATTRIBUTES:
        return None
    if name == "id":
        return f"{prefix}-{value}"
    local = _LOCAL.fullmatch(value.strip())
    if local:
        return f"url(#{prefix}-{local[1]})"
    return None if _DANGER.search(value) else value


def _attributes(given: Mapping[str, str], prefix: str) -> dict[str, str]:
    merged = {_name(k): v for k, v in given.items() if k != "style"}
    merged.update(_declared(given.get("style", "")))
    kept = {k: s for k, v in merged.items() if (s := _safe(k, v, prefix)) is not None}
    classes = []
    for paint, letter in (("fill", "f"), ("stroke", "s")):
        colour = kept.get(paint, "").lower()
        if colour == HATCH:
            kept[paint] = f"url(#{prefix}-none)"
        elif colour in CLASSES:
            classes.append(f"{letter}-{CLASSES[colour]}")
    if classes:
        kept["class"] = " ".join(classes)
    return kept


def _rebuild(old: ET.Element, prefix: str) -> ET.Element | None:
    tag = _name(old.tag) if isinstance(old.tag, str) else ""
    if tag not in ELEMENTS:
        return None
    new = ET.Element(tag, _attributes(old.attrib, prefix))
    new.text = old.text if tag in {"text", "tspan", "title"} else None
    for child in old:
        kept = _rebuild(child, prefix)
        if kept is not None and not _pointless(kept):
            new.append(kept)
    return new


def _pointless(node: ET.Element) -> bool:
    """Say whether a node draws nothing; the renderer leaves many behind."""
    if node.get("display") == "none":
        return True
    if node.tag == "path":
        return not node.get("d") or (node.get("fill") is None and node.get("stroke") is None)
    return node.tag in {"g", "defs"} and len(node) == 0


def _hatch(prefix: str) -> ET.Element:
    defs = ET.Element("defs")
    pattern = ET.SubElement(
        defs,
        "pattern",
        {
            "id": f"{prefix}-none",
            "width": "6",
            "height": "6",
            "patternUnits": "userSpaceOnUse",
            "patternTransform": "rotate(45)",
        },
    )
    line = {"d": "M0 0V6", "fill": "none", "stroke": "#767F78", "stroke-width": "1.5"}
    ET.SubElement(pattern, "path", {**line, "class": "s-axis"})
    return defs


def clean(source: str, label: str, prefix: str) -> SafeString:
    """Return markup of one `<svg role="img">` that needs neither style nor script.

    Args:
        source: The renderer's SVG.
        label: The sentence read out in place of the picture.
        prefix: A name that is unique on the page.

    Raises:
        ValueError: The source is not an SVG document.
    """
    old = ET.fromstring(source)  # noqa: S314  # our own renderer's output, which has no entities
    root = _rebuild(old, prefix)
    if root is None or root.tag != "svg":
        raise ValueError("not an SVG document")
    root.attrib.pop("id", None)
    root.set("font-family", chart_theme.SANS)
    root.set("role", "img")
    root.set("aria-label", label)
    root.set("focusable", "false")
    if f"#{prefix}-none" in ET.tostring(root, encoding="unicode"):
        root.insert(0, _hatch(prefix))
    return SafeString(ET.tostring(root, encoding="unicode"))


def alone(markup: str) -> str:
    """Return cleaned markup as a file of its own, on white."""
    root = ET.fromstring(markup)  # noqa: S314  # made by `clean`
    ground = {"width": "100%", "height": "100%", "fill": "#FFFFFF"}
    root.insert(0, ET.Element("rect", ground))
    root.set("xmlns", SVG)
    return ET.tostring(root, encoding="unicode")
