"""What the tools say to authors is whole in Japanese, and marked where it is written."""

import ast
import re

from core.settings import ROOT
from core.told import Told, packed, series, tell, unpacked
from tests.house import sources
from translations import authors, extraction, messages

PLACEHOLDER = re.compile(r"%\((\w+)\)([a-z])")


def test_every_text_is_translated() -> None:
    lacking = {share.language: share.missing for share in extraction.authors_shares(ROOT) if share.missing}
    assert lacking == {}


def test_translations_keep_what_is_filled_in() -> None:
    for entry in messages.read("ja", domain=authors.DOMAIN):
        if entry.id:
            found, wanted = str(messages.entry_forms(entry)), messages.entry_id(entry)
            assert set(PLACEHOLDER.findall(found)) == set(PLACEHOLDER.findall(wanted)), wanted
            if PLACEHOLDER.search(wanted):
                assert found % dict.fromkeys((name for name, _ in PLACEHOLDER.findall(wanted)), "x"), wanted


def test_texts_are_written_out_where_they_are_marked() -> None:
    hidden = [
        f"{path}:{call.lineno}"
        for path, tree in sources.modules().items()
        for call in sources.calls(tree, "tell")
        if not call.args or not isinstance(call.args[0], ast.Constant)
        if "msgid" not in ast.unparse(call)
    ]
    assert hidden == []


def test_a_text_is_english_and_can_be_said_in_japanese() -> None:
    text = tell("the key '%(missing)s' is missing", missing="label")
    assert text == "the key 'label' is missing"
    assert authors.said(text, "ja") == "キー `label` がありません"
    assert authors.said(text, "ja-simple") == "キー `label` がありません"
    assert authors.said(text, "ko") == text


def test_what_is_filled_in_is_said_too() -> None:
    inner = series([tell("page"), "7"], " ")
    text = tell("%(part)s changed", part=inner)
    assert (text, authors.said(text, "ja")) == ("page 7 changed", "ページ 7が変わりました")


def test_a_text_is_kept_and_said_later() -> None:
    text = tell("%(part)s of %(whole)s", part=series(["1", tell("none")]), whole=tell("page"))
    again = unpacked(packed(text))
    assert isinstance(again, Told)
    assert (again, authors.said(again, "ja")) == (text, authors.said(text, "ja"))
    assert unpacked("as it was kept before") == "as it was kept before"


def test_every_text_reaches_the_translators() -> None:
    """The extractor does not look into f-strings."""
    known = {messages.entry_id(entry) for entry in extraction.authors_messages(ROOT) if entry.id}
    written = {
        call.args[0].value
        for tree in sources.modules().values()
        for call in sources.calls(tree, "tell")
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    assert written - known == set()
