"""Pictures of others: the same to look at, with nothing of the file they came in."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageChops, ImageStat, PngImagePlugin

from jiezhen.records import pictures

GPS, DEVICE, TURNED = 0x8825, 0x010F, 0x0112
FORMS = ("JPEG", "PNG", "WEBP")


def scene(mode: str = "RGB") -> Image.Image:
    """Return a picture with slopes and an edge, as a photograph has."""
    slope = Image.linear_gradient("L").resize((80, 60))
    image = Image.merge("RGB", (slope, slope.transpose(Image.Transpose.ROTATE_180), slope))
    image.paste((200, 30, 30), (20, 20, 40, 40))
    return image.convert(mode)


def notes(turned: int = 1) -> Image.Exif:
    made = Image.Exif()
    made[TURNED] = turned
    made[DEVICE] = "CanaryPhone"
    made.get_ifd(GPS)[2] = (31.0, 1.0, 26.0)
    return made


def written(form: str, image: Image.Image | None = None, **more: object) -> bytes:
    out = io.BytesIO()
    (image or scene()).save(out, form, **more)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def apart(one: bytes, two: bytes) -> float:
    """Return by how much the pixels of two pictures differ in the mean, of 255."""
    between = ImageChops.difference(opened(one).convert("RGB"), opened(two).convert("RGB"))
    return max(ImageStat.Stat(between).mean)


@pytest.mark.parametrize(("form", "most"), [("JPEG", 1), ("PNG", 0), ("WEBP", 3)])
def test_a_picture_loses_place_device_and_words_and_looks_the_same(form: str, most: float) -> None:
    more: dict[str, object] = {"exif": notes(), "xmp": b"canary"}
    if form == "JPEG":
        more |= {"comment": b"canary", "progressive": True}
    if form == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Comment", "canary")
        words.add_itxt("Comment", "canary")
        more["pnginfo"] = words
    content = written(form, **more) + b"a film, the canary's track and <script>"
    assert b"CanaryPhone" in content and b"canary" in content
    drawn = pictures.redrawn(content)
    assert b"anary" not in drawn and b"script" not in drawn
    image = opened(drawn)
    assert image.format == form and image.size == (80, 60) and not image.getexif()
    assert apart(content, drawn) <= most


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("turned", [3, 6, 8])
def test_a_picture_keeps_how_it_is_turned_alone(form: str, turned: int) -> None:
    drawn = pictures.redrawn(written(form, exif=notes(turned)))
    assert dict(opened(drawn).getexif()) == {TURNED: turned}
    # A second time changes no more.
    assert dict(opened(pictures.redrawn(drawn)).getexif()) == {TURNED: turned}


@pytest.mark.parametrize("turned", [0, 9, 60_000])
def test_a_turn_that_does_not_exist_is_left_out(turned: int) -> None:
    assert not opened(pictures.redrawn(written("JPEG", exif=notes(turned)))).getexif()


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("WEBP", "RGBA"),
    ],
)
def test_other_sorts_of_colours_are_drawn_too(form: str, mode: str) -> None:
    image = scene(mode)
    if mode == "RGBA":
        image.putalpha(90)
    content = written(form, image)
    drawn = opened(pictures.redrawn(content))
    assert drawn.mode == opened(content).mode
    if mode == "RGBA":
        assert drawn.getpixel((5, 5))[3] == 90


def test_a_profile_of_colours_stays_with_its_picture() -> None:
    for form in FORMS:
        drawn = pictures.redrawn(written(form, icc_profile=b"colours as a lamp sees them"))
        assert opened(drawn).info["icc_profile"] == b"colours as a lamp sees them"


def test_of_two_pictures_in_one_file_the_first_is_kept() -> None:
    """Many phones put a second picture behind a JPEG's first; some forms move."""
    other = Image.new("RGB", (80, 60))
    for form, kept in (("MPO", "JPEG"), ("WEBP", "WEBP"), ("PNG", "PNG")):
        drawn = opened(pictures.redrawn(written(form, save_all=True, append_images=[other])))
        assert (drawn.format, getattr(drawn, "n_frames", 1)) == (kept, 1)
        # The other one is black: more than 100 apart.
        assert apart(written("PNG", drawn), written("PNG")) <= 10


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9])
def test_a_torn_picture_is_damaged(form: str, cut: float) -> None:
    content = written(form)
    with pytest.raises(pictures.Damaged):
        pictures.redrawn(content[: int(len(content) * cut)])


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff\xd9", b"GIF89a", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_picture_is_damaged(content: bytes) -> None:
    with pytest.raises(pictures.Damaged):
        pictures.redrawn(content)


def _bomb(side: int) -> bytes:
    def part(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + name
            + content
            + struct.pack(">I", zlib.crc32(name + content))
        )

    head = part(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress(b"\x00")) + part(b"IEND", b"")


@pytest.mark.parametrize("side", [8_001, 12_000, 30_000])
def test_a_bomb_of_pixels_is_huge_before_it_is_drawn(side: int) -> None:
    # Its pixels are not there at all: who tries to draw it finds it damaged.
    with pytest.raises(pictures.Huge):
        pictures.redrawn(_bomb(side))
