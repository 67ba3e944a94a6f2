"""A procedure file of every part, for tests that change one thing in it."""

CERTIFICATE = """\
procedure: sample-certificate
department: samples
kind: certificate
language: ja
title: 見本証明の申請
summary: 見本の証明書を交付します。
find_by: {words: [しょうめい, 見本], life_events: [moving], for: [resident]}
law: {basis: 見本条例 第1条, processing_period: 3 working days, retention: 1 year}
reception: {opens: 2026-04-01T09:00, closes: null}
minutes: 5
desk: counter
eligibility:
  - {id: of_age, when: "applicant_age >= 15", otherwise: 15歳以上の方が申請できます。}
pages:
  - id: about_you
    title: あなたについて
    eligibility: true
    fields:
      - {id: name, type: person_name}
      - {id: born, type: date, label: 生年月日}
      - {id: email, type: email}
  - id: household_page
    title: 世帯
    fields:
      - id: household
        type: group
        label: 世帯員
        repeat: {min: 0, max: 8}
        fields:
          - {id: member_name, type: text, label: 氏名, max_length: 50}
          - {id: income, type: money, label: 年間所得}
  - id: copies
    title: 通数
    when: "age(born, today) >= 15"
    fields:
      - {id: number, type: number, label: 通数, min: 1, max: 10}
      - id: purpose
        type: choice
        label: 使いみち
        options: [{value: pension, label: 年金}, {value: other, label: その他}]
      - {id: purpose_text, type: text, label: 具体的に, when: "purpose == 'other'", max_length: 100}
computed:
  applicant_age: "age(born, today)"
  household_income: "sum(m.income for m in household)"
attachments:
  - {id: identity, label: 本人確認書類, accept: [pdf, jpeg], max_size: 10 MB, when: "number > 5"}
declarations: [{id: truth, text: 記載内容に相違ありません。}]
signature: {level: email}
fee:
  when: before_review
  items:
    - {label: 手数料, amount: "300 * number"}
  waive: "purpose == 'pension'"
workflow: {uses: single-review}
issue:
  - id: certificate
    title: 見本証明書
    body: "{name} の見本を証明します。"
    rows: [{label: 通数, value: "{number}"}]
    valid_for: 3 months
examples:
  - name: ひとり世帯が2通申請する
    on: 2026-11-21
    answers:
      name: {family: 見本, given: 太郎, family_kana: ミホン, given_kana: タロウ}
      born: 1990-05-01
      email: taro@example.invalid
      household: [{member_name: 見本 花子, income: 2000000}]
      number: 2
      purpose: other
      purpose_text: 学校
    expect:
      eligible: true
      pages: [about_you, household_page, copies]
      attachments: []
      fee: 600
      computed: {applicant_age: 36, household_income: 2000000}
      final: [approve]
"""
"""A certificate: eligibility, a group, conditions, computed values, a fee, a ready-made workflow and an example."""


def changed(*changes: tuple[str, str], source: str = CERTIFICATE) -> str:
    """`source` with each text replaced by its partner; each must stand in it exactly once."""
    for old, new in changes:
        assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in the sample"
        source = source.replace(old, new)
    return source
