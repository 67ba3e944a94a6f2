"""What an elderly resident and residents from other countries type, and that they find it among the first three."""

import pytest

from core.context import Context
from core.database import EVERYONE
from procedures import search

MOVING, BIRTH, ILL, NURSERY = "moving-out", "child-allowance", "child-medical-subsidy", "nursery-admission"
WASTE, RECORD, LICENCE, HOME = (
    "bulky-waste", "residence-certificate", "licence-renewal-booking", "public-housing",
)  # fmt: skip
FOOD, GYM, TAX, INCOME = "restaurant-licence", "facility-booking", "tax-certificate", "income-certificate"
NOTHING = ""
"""What no procedure of the catalogue is for: better nothing than something else."""

ELDERLY = {
    "引越し": MOVING, "ひっこし": MOVING, "引っこし": MOVING, "引っ越したので住所を変えたい": MOVING,
    "孫が生まれた": BIRTH, "子どもが生まれた": BIRTH, "ごみ": WASTE, "粗大ゴミ": WASTE, "ソファを捨てたい": WASTE,
    "犬": NOTHING, "水道": NOTHING, "母が亡くなった": WASTE, "マイナンバー": NOTHING, "家賃が高い": "income-report",
    "団地": HOME, "とえい住宅": HOME, "家がない": HOME, "住民表": RECORD, "じゅうみんひょう": RECORD,
    "juminhyo": RECORD, "免許更新": LICENCE, "免許の更新をしたい": LICENCE, "年金": INCOME,
    "収入証明書": INCOME, "税金を払った証明": TAX,
    "結婚": RECORD, "けっこん": RECORD, "結婚した": RECORD, "亡くなった": WASTE, "家族が亡くなった": WASTE,
    "退職": "labour-relief", "失業": "labour-relief", "高齢": HOME, "障害": GYM, "障がい者": GYM, "sodaigmi": WASTE,
    "体育館を借りたい": GYM, "花見": "park-occupation", "ﾐﾝｼﾞﾐﾝ": NOTHING,
}  # fmt: skip
FAMILY = {
    "赤ちゃん": BIRTH, "ほいくえん": NURSERY, "子供が病気": ILL, "子どもの医療費": ILL, "お店を開きたい": FOOD,
    "カフェを始めたい": FOOD, "看板": "outdoor-advertising", "道路工事": "road-occupation",
    "妊娠": BIRTH, "入学": INCOME, "起業": "road-occupation", "ひとり親": HOME, "シングルマザー": HOME, "離婚": NOTHING,
    "解雇された": "labour-relief", "都庁で働きたい": "recruitment-exam", "設備を買いたい": "equipment-subsidy",
}  # fmt: skip
PLAIN = {
    "引っ越し": MOVING, "いえを さがしています": HOME, "こどもが うまれました": BIRTH, "びょういんの おかね": ILL,
    "くるまの めんきょ": LICENCE, "けっこん します": RECORD, "しごとを やめました": "labour-relief", "にんしん": BIRTH,
}  # fmt: skip
ENGLISH = {
    "moving house": MOVING, "I am moving to another city": MOVING, "baby born": BIRTH, "birth": BIRTH,
    "trash": WASTE, "throw away a sofa": WASTE, "day care": NURSERY, "kindergarten": NURSERY,
    "doctor for my child": ILL, "driving license": LICENCE, "drivers licence renewal": LICENCE, "jūminhyō": RECORD,
    "certificate of residense": RECORD, "cheap apartment": HOME, "public housing": HOME, "tax certificate": TAX,
    "open a restaurant": FOOD, "food truck": FOOD, "gym": GYM, "job at city": "recruitment-exam",
    "fire safety": "fire-prevention-manager", "my mother died": WASTE, "dog": NOTHING,
    "marriage": RECORD, "getting married": RECORD, "marrage": RECORD, "pregnancy": BIRTH, "pregnant": BIRTH,
    "I lost my job": "labour-relief", "single mother": HOME, "disabled": GYM, "retirement": HOME,
}  # fmt: skip
SIMPLIFIED = {
    "搬家": MOVING, "垃圾": WASTE, "生孩子": BIRTH, "儿童津贴": BIRTH, "幼儿园": NURSERY, "托儿所": NURSERY,
    "驾照": LICENCE, "公共住房": HOME, "租房": HOME, "开餐馆": FOOD, "体育馆": GYM, "纳税证明": TAX, "大件垃圾": WASTE,
    "结婚": RECORD, "怀孕": BIRTH, "失业": "labour-relief", "去世": WASTE, "单亲": HOME, "残疾": GYM,
}  # fmt: skip
TRADITIONAL = {
    "搬家": MOVING, "垃圾": WASTE, "生小孩": BIRTH, "托兒所": NURSERY, "駕照": LICENCE, "換發駕照": LICENCE,
    "社會住宅": HOME, "開餐廳": FOOD, "沙發": WASTE, "納稅證明": TAX,
    "結婚": RECORD, "懷孕": BIRTH, "失業": "labour-relief", "過世": WASTE, "單親": HOME,
}  # fmt: skip
KOREAN = {
    "이사": MOVING, "쓰레기": WASTE, "아이가 태어났어요": BIRTH, "출산": BIRTH, "어린이집": NURSERY,
    "운전면허 갱신": LICENCE, "주민등록등본": RECORD, "임대주택": HOME, "식당": FOOD,
    "체육관": GYM, "납세증명서": TAX, "병원비": ILL,
    "결혼": RECORD, "임신": BIRTH, "실업": "labour-relief", "사망": WASTE, "한부모": HOME, "장애": GYM,
}  # fmt: skip
PEOPLE = {
    "ja": {**ELDERLY, **FAMILY},
    "ja-simple": PLAIN,
    "en": ENGLISH,
    "zh-Hans": SIMPLIFIED,
    "zh-Hant": TRADITIONAL,
    "ko": KOREAN,
}


@pytest.mark.parametrize("language", PEOPLE)
def test_wishes_are_found_among_the_first_three(catalogue: Context, language: str) -> None:
    missed = {}
    with catalogue.database.reading(EVERYONE) as session:
        for wish, wanted in PEOPLE[language].items():
            found = [hit.procedure_id for hit in search.find(session, language, wish).hits]
            if (wanted not in found[:3]) if wanted else found:
                missed[wish] = found
    assert missed == {}


def test_most_of_many_words_is_better_than_nothing(catalogue: Context) -> None:
    with catalogue.database.reading(EVERYONE) as session:
        found = search.find(session, "en", "public housing unicorn lottery swimming")
        assert (found.partly, found.hits[0].procedure_id) == (False, HOME), (
            "what there is nowhere is left out"
        )
        found = search.find(session, "en", "public housing garbage")
        assert found.partly
        assert found.hits[0].procedure_id in (HOME, "income-report")
        assert not search.find(session, "en", "housing garbage").hits, "of two words neither is most of them"
