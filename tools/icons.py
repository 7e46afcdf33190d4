"""Draw the icons of the installed app from the mark: `python tools/icons.py`.

A maskable icon is cut to any shape by the phone, so its ground reaches the edge and its
lines stay within the middle four fifths.
"""

from pathlib import Path

import vl_convert

FOLDER = Path(__file__).resolve().parents[1] / "src" / "jiezhen" / "web" / "static" / "web"


def png(svg: str, size: int) -> bytes:
    """Return an SVG of 32 by 32 as a picture of `size` pixels."""
    sized = svg.replace("<svg ", '<svg width="32" height="32" ', 1)
    return bytes(vl_convert.svg_to_png(sized, scale=size / 32, ppi=72))


def main() -> None:
    """Write the three pictures beside the mark."""
    mark = (FOLDER / "mark.svg").read_text("utf-8")
    whole = mark.replace(' rx="4"', "", 1).replace(
        "<path ", '<path transform="translate(3.2 3.2) scale(0.8)" ', 1
    )
    for name, svg, size in (("192", mark, 192), ("512", mark, 512), ("mask", whole, 512)):
        (FOLDER / f"icon-{name}.png").write_bytes(png(svg, size))


if __name__ == "__main__":
    main()
