"""What may stay of a drawn picture, and what may not."""

import pytest

from jiezhen.web import svg
from jiezhen.web.tests.support import read

WRAP = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10" viewBox="0 0 10 10">{}</svg>'
)


def cleaned(inside: str, label: str = "句子") -> str:
    return svg.clean(WRAP.format(inside), label, "c1")


REFUSED = [
    "<script>alert(1)</script>",
    "<style>text { fill: red }</style>",
    '<image href="https://elsewhere.test/x.png" width="1" height="1"/>',
    "<foreignObject><p>x</p></foreignObject>",
    '<a href="javascript:alert(1)"><text>x</text></a>',
    '<use href="https://elsewhere.test/x.svg#a"/>',
    '<animate attributeName="href" values="javascript:alert(1)"/>',
]


@pytest.mark.parametrize("inside", REFUSED)
def test_elements_that_are_not_listed_go_with_all_they_hold(inside: str) -> None:
    markup = cleaned(inside)
    for word in ("script", "elsewhere", "alert", "<style", "href"):
        assert word not in markup


@pytest.mark.parametrize(
    "attribute",
    [
        'onload="alert(1)"',
        'fill="url(https://elsewhere.test/#a)"',
        'style="background: url(https://elsewhere.test)"',
        'class="top"',
        'href="#a"',
        'aria-label="Y-axis titled"',
        'fill="javascript:x"',
    ],
)
def test_attributes_that_are_not_listed_go(attribute: str) -> None:
    markup = cleaned(f'<rect width="1" height="1" {attribute}/>')
    assert '<rect width="1" height="1" />' in markup


def test_style_becomes_attributes() -> None:
    markup = cleaned(
        '<rect width="1" height="1" style="fill: #0F5C6E; opacity:.5; cursor: pointer"/>'
    )
    assert 'fill="#0F5C6E"' in markup
    assert 'opacity=".5"' in markup
    assert "cursor" not in markup
    assert "style" not in markup


def test_colours_of_the_palette_become_classes_for_the_dark_theme() -> None:
    markup = cleaned('<path d="M0 0h1" stroke="#C25E00" fill="#ffffff"/>')
    assert 'class="f-card s-cat-2"' in markup


def test_ids_and_references_get_the_prefix_of_their_chart() -> None:
    markup = cleaned(
        '<defs><clipPath id="clip0"><rect width="1" height="1"/></clipPath></defs>'
        '<g clip-path="url(#clip0)"><rect width="2" height="2" fill="#111111"/></g>'
    )
    assert 'id="c1-clip0"' in markup
    assert 'clip-path="url(#c1-clip0)"' in markup


def test_no_data_is_hatched_and_only_then_is_there_a_pattern() -> None:
    markup = cleaned(f'<rect width="1" height="1" fill="{svg.HATCH}"/>')
    assert 'fill="url(#c1-none)"' in markup
    assert 'id="c1-none"' in markup
    assert "pattern" not in cleaned('<rect width="1" height="1" fill="#111111"/>')


def test_text_is_escaped_again_and_the_label_too() -> None:
    markup = cleaned("<text>&lt;b&gt;甲 &amp; 乙</text>", label='"><script>alert(1)</script>')
    assert "&lt;b&gt;甲 &amp; 乙" in markup
    assert "<script" not in markup
    assert read(markup).all("svg")[0]["aria-label"] == '"><script>alert(1)</script>'


def test_what_is_not_a_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="SVG"):
        svg.clean("<html/>", "x", "c1")


def test_a_file_stands_on_white() -> None:
    assert 'xmlns="http://www.w3.org/2000/svg"' in svg.alone(cleaned(""))
    assert 'fill="#FFFFFF"' in svg.alone(cleaned(""))
