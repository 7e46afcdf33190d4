"""The shipped packs: they load, each indicator has a case, and the cases hold."""

import json
import re

import pytest

from jiezhen.conf.testing import shared
from jiezhen.packs import cases, commands, registry
from jiezhen.packs.registry import catalogue
from jiezhen.packs.tests import reference

PACKS = sorted(p.name for p in registry.BUILT_IN.iterdir() if (p / "pack.yaml").is_file())


def test_the_shipped_packs_pass_their_check():
    assert [str(p) for p in commands.check(registry.BUILT_IN)] == []


@pytest.mark.parametrize("pack", PACKS)
def test_the_cases_hold(pack):
    for case in cases.load(pack):
        for name, expected in case.expect.items():
            definition = catalogue().indicators[name].definition
            found = reference.figure(definition, case)
            assert found == (None if expected is None else pytest.approx(expected)), (
                case.name,
                name,
            )


def test_everything_has_an_english_title():
    full = catalogue()
    bare = [n for n, item in full.indicators.items() if not item.title_en or not item.theme_en]
    for name, kind in full.kinds.items():
        bare += [name] * (not kind.title_en)
        bare += [f"{name}.{f}" for f, field in kind.fields.items() if not field.title_en]
        bare += [
            f"{name}.{f}"
            for f, field in kind.fields.items()
            if set(field.options) != set(field.options_en)
        ]
    for name, flow in full.flows.items():
        parts = [flow, *flow.states.values(), *flow.moves.values(), *flow.milestones.values()]
        bare += [name for part in parts if not part.title_en]
    assert bare == []


def test_everything_has_a_definition_in_words():
    for indicator in catalogue().indicators.values():
        sentence = indicator.definition_sentence()
        assert sentence.endswith("。"), indicator.name
        assert "None" not in sentence, indicator.name
        assert not re.search(r"[a-z]{3,}", sentence), sentence


def test_no_wording_that_the_product_refuses():
    text = "".join(path.read_text(encoding="utf-8") for path in registry.BUILT_IN.rglob("*.yaml"))
    for word in ("打卡", "积分", "在线时长", "！", "成功办", "温馨提示", "人脸"):
        assert word not in text, word


def test_record_codes_and_sentences_fit():
    for indicator in catalogue().indicators.values():
        assert indicator.sentence.count("{value}") <= 1
        assert indicator.unit


#: What document 000 tells that is a rhetorical count or a name; no figure of the product.
_LOOSE = {"八大"}


def test_every_figure_of_document_000_has_an_indicator():
    folder = shared()
    if folder is None:
        pytest.skip("the shared documents are not here")
    path = next((folder / "gold").glob("000_*.jsonl"))
    missing = []
    for line in path.read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        if gold["kind"] == "id" or gold["span"].replace("\n", "") in _LOOSE:
            continue
        told = gold.get("objects") or [gold["object"]]
        missing += [(gold["id"], what) for what in told if not _known(what, gold)]
    assert missing == []


def _known(what, gold):
    """Say whether an indicator with this unit is called so."""
    plain = re.sub(r"同比增长|比2021年(可比)?增长", "", what)
    unit = "元" if gold["kind"] == "growth" else gold["unit"]
    for indicator in catalogue().indicators.values():
        words = {re.sub(r"[\s“”]", "", w) for w in (indicator.title, *indicator.also)}
        plain_words = {re.sub(r"^新增|^新建", "", w) for w in words}
        asked = {re.sub(r"[\s“”]", "", plain)}
        asked |= {re.sub(r"^新增|^新建", "", w) for w in asked}
        named = any(said.endswith(word) for said in asked for word in words | plain_words)
        if named and unit in (indicator.unit, None):
            return True
    return False
