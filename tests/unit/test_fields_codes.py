"""Addresses, accounts and numbers with rules of their own."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from forms.types import Action, type_of
from tests.factories.fields import field, parse, says


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("www.example.jp", "https://www.example.jp"),
        ("HTTP://Example.JP/Path?q=ア", "http://example.jp/Path?q=ア"),
        ("ｈｔｔｐｓ：／／ｅｘａｍｐｌｅ．ｊｐ", "https://example.jp"),
        ("日本語.jp:8080/#a", "https://日本語.jp:8080/#a"),
    ],
)
def test_a_web_address_is_kept_with_its_scheme(typed: str, stored: str) -> None:
    assert parse({"type": "url"}, {"x": [typed]}).value == stored


@pytest.mark.parametrize(
    "typed",
    [
        "javascript://example.jp/%0aalert(1)",
        "https://taro:secret@example.jp",
        "https://localhost",
        "https://example",
        "https://192.0.2.1",
        "https://-a.jp",
        "https://example.jp:99999",
        "ftp://example.jp",
        "not a page",
        "https://[",
        'https://example.jp/"><b>',
        "a" * 5000,
    ],
)
def test_what_is_no_web_address_is_refused(typed: str) -> None:
    why = "Enter the address of a web page, such as https://www.example.jp."
    assert says(parse({"type": "url"}, {"x": [typed]})) == [("x", why)]


ACCOUNT = {"x-bank": ["0001"], "x-branch": ["００１"], "x-kind": ["ordinary"], "x-number": ["12345"]}
HOLDER = {"x-holder": ["みほん しょうた"]}


@pytest.mark.parametrize(
    ("symbol", "number", "account"),
    [
        ("14030", "12345671", ("408", "ordinary", "1234567")),
        ("１１９４０", "1234561", ("198", "ordinary", "0123456")),
        ("01940", "123456", ("199", "current", "0123456")),
        ("17300", "1-9927651", ("738", "ordinary", "1992765")),
    ],
)
def test_the_post_banks_symbol_and_number_become_an_account(
    symbol: str, number: str, account: tuple[str, str, str]
) -> None:
    raw = {"x-symbol": [symbol], "x-post_number": [number], **HOLDER}
    branch, kind, digits = account
    wanted = {"bank": "9900", "branch": branch, "kind": kind, "number": digits, "holder": "ミホン シヨウタ"}
    assert parse({"type": "bank_account"}, raw).value == wanted
    made = field({"type": "bank_account"})
    filled, wrong = type_of(made).act(made, Action("convert", "x"), raw, "x")
    assert (filled["x-branch"], filled["x-number"], filled["x-symbol"], wrong) == (
        [branch],
        [digits],
        [""],
        (),
    )


@pytest.mark.parametrize(
    ("symbol", "number"),
    [
        ("14031", "12345671"),
        ("14030", "12345672"),
        ("24030", "12345671"),
        ("14030", ""),
        ("", "1"),
        ("٤4030", "11"),
    ],
)
def test_a_wrong_symbol_or_number_is_refused(symbol: str, number: str) -> None:
    raw = {"x-symbol": [symbol], "x-post_number": [number], **HOLDER}
    why = "Enter the symbol and the number as in the passbook, such as 10530 and 12345671."
    assert says(parse({"type": "bank_account"}, raw)) == [("x-symbol", why)]
    made = field({"type": "bank_account"})
    assert type_of(made).act(made, Action("convert", "x"), raw, "x")[1]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"x-bank": ["1"]}, "Enter the four digits of the bank code, such as 0001."),
        ({"x-branch": ["abc"]}, "Enter the three digits of the branch code, such as 001."),
        ({"x-kind": ["secret"]}, "Choose the kind of account."),
        ({"x-number": ["12345678"]}, "Enter the account number in up to seven digits."),
        (
            {"x-holder": ["見本"]},
            "Enter the account holder as in the passbook: in katakana, such as ミホン タロウ, or in Latin letters.",
        ),
        ({"x-holder": ["ア" * 61]}, "Shorten the name to 60 characters."),
    ],
)
def test_an_account_says_what_is_wrong(typed: dict[str, list[str]], why: str) -> None:
    [input] = typed
    assert says(parse({"type": "bank_account"}, {**ACCOUNT, **HOLDER, **typed})) == [(input, why)]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ｶ）ミホン", "カ)ミホン"),
        ("みほん　ｶﾌﾞｼｷｶﾞｲｼｬ", "ミホン カブシキガイシヤ"),
        ("ＡＢＣ・ローン", "ABC.ローン"),
    ],
)
def test_an_account_holder_is_written_as_banks_do(typed: str, stored: str) -> None:
    raw = {**ACCOUNT, "x-holder": [typed]}
    assert parse({"type": "bank_account"}, raw).value["holder"] == stored


def _check_digit(digits: str) -> int:
    """Ministerial ordinance no. 85 of 2014 (総務省令第85号), article 5."""
    total = sum(
        int(digit) * (place + 1 if place <= 6 else place - 5)
        for place, digit in enumerate(reversed(digits), start=1)
    )
    rest = total % 11
    return 0 if rest <= 1 else 11 - rest


@given(some.integers(0, 10**11 - 1), some.integers(0, 9))
def test_the_check_digit_of_an_individual_number_is_the_published_one(number: int, last: int) -> None:
    eleven = f"{number:011}"
    sound = _check_digit(eleven) == last
    assert (parse({"type": "individual_number"}, {"x": [f"{eleven}{last}"]}).value is not None) == sound


@pytest.mark.parametrize("typed", ["62149832025", "62149832025X", "6214983202577", "٦21498320257"])
def test_an_individual_number_has_twelve_digits(typed: str) -> None:
    why = "Enter all 12 digits of the individual number, in digits only."
    assert says(parse({"type": "individual_number"}, {"x": [typed]})) == [("x", why)]


def test_an_individual_number_is_shown_masked_and_told_to_nobody() -> None:
    number, made = {"apart-whole": "621498320257"}, field({"type": "individual_number"})
    kind = type_of(made)
    assert kind.lines(made, number, "ja") == ["•••• •••• 0257"]
    assert made.expression_value(number) == kind.told(made, number) == "•••• •••• 0257"
    refused = parse({"type": "individual_number"}, {"x": ["621498320258"]})
    assert "6214" not in repr(refused)
    family = {"type": "group", "label": "世帯員", "fields": [{"id": "n", "type": "individual_number"}]}
    assert number["apart-whole"] not in repr(type_of(field(family)).told(field(family), [{"n": number}, {}]))
    assert number["apart-whole"] not in repr(
        type_of(field(family)).lines(field(family), [{"n": number}], "ja")
    )


def _plate(*parts: str) -> dict[str, list[str]]:
    names = ("region", "category", "kana", "number")
    return {f"x-{name}": [text] for name, text in zip(names, parts, strict=True)}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (("品川", "３００", "サ", "12-34"), "品川 300 さ 12-34"),
        (("富士山", "50a", "れ", "・１－２３"), "富士山 50A れ ・1-23"),
        (("つくば", "5", "わ", "7"), "つくば 5 わ ・・・7"),
        (("横浜", "300", "ｙ", "・・45"), "横浜 300 Y ・・45"),
    ],
)
def test_a_number_plate_is_written_as_it_looks(typed: tuple[str, ...], shown: str) -> None:
    made = field({"type": "license_plate"})
    stored = parse({"type": "license_plate"}, _plate(*typed)).value
    assert type_of(made).lines(made, stored, "ja") == [shown]


@pytest.mark.parametrize(
    ("typed", "input"),
    [
        (("12", "300", "さ", "1"), "x-region"),
        (("品川", "30B", "さ", "1"), "x-category"),
        (("品川", "300", "し", "1"), "x-kana"),
        (("品川", "300", "ば", "1"), "x-kana"),
        (("品川", "300", "さ", "0012"), "x-number"),
        (("品川", "300", "さ", "12345"), "x-number"),
    ],
)
def test_a_number_plate_says_which_part_is_wrong(typed: tuple[str, ...], input: str) -> None:
    assert [name for name, _ in says(parse({"type": "license_plate"}, _plate(*typed)))] == [input]
