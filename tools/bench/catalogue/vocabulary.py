"""What the generated procedures are about: things, what is asked for them, and of which sort they are.

A thing: Japanese, its reading, English, simplified and traditional Chinese, Korean.
"""

from typing import Final

Word = tuple[str, str, str, str, str, str]

THINGS: Final[tuple[Word, ...]] = tuple(
    (ja, kana, en, hans, hant, ko)
    for ja, kana, en, hans, hant, ko in (
        line.split("|")
        for line in """\
住民票|じゅうみんひょう|residence record|居民票|住民票|주민표
戸籍|こせき|family register|户籍|戶籍|호적
印鑑登録|いんかんとうろく|seal registration|印章登记|印鑑登記|인감 등록
転入|てんにゅう|moving in|迁入|遷入|전입
転出|てんしゅつ|moving out|迁出|遷出|전출
出生|しゅっしょう|birth|出生|出生|출생
婚姻|こんいん|marriage|婚姻|婚姻|혼인
死亡|しぼう|death|死亡|死亡|사망
国民健康保険|こくみんけんこうほけん|national health insurance|国民健康保险|國民健康保險|국민건강보험
介護保険|かいごほけん|long-term care insurance|护理保险|照護保險|개호보험
国民年金|こくみんねんきん|national pension|国民年金|國民年金|국민연금
児童手当|じどうてあて|child allowance|儿童津贴|兒童津貼|아동수당
保育園|ほいくえん|nursery school|保育园|托兒所|어린이집
学童保育|がくどうほいく|after-school care|课后托管|課後照顧|방과후 돌봄
小学校|しょうがっこう|primary school|小学|小學|초등학교
就学援助|しゅうがくえんじょ|school expenses aid|就学援助|就學補助|취학 원조
奨学金|しょうがくきん|scholarship|奖学金|獎學金|장학금
障害者手帳|しょうがいしゃてちょう|disability certificate|残疾人手册|身心障礙手冊|장애인 수첩
自立支援医療|じりつしえんいりょう|self-support medical care|自立支援医疗|自立支援醫療|자립지원 의료
難病医療費|なんびょういりょうひ|costs of rare diseases|疑难病医疗费|罕病醫療費|난치병 의료비
予防接種|よぼうせっしゅ|vaccination|预防接种|預防接種|예방접종
母子手帳|ぼしてちょう|mother and child handbook|母子手册|母子手冊|모자수첩
飼い犬|かいいぬ|pet dog|家犬|家犬|반려견
粗大ごみ|そだいごみ|bulky waste|大件垃圾|大型垃圾|대형 쓰레기
産業廃棄物|さんぎょうはいきぶつ|industrial waste|工业废物|事業廢棄物|산업폐기물
下水道|げすいどう|sewer|下水道|下水道|하수도
水道|すいどう|water supply|自来水|自來水|수도
浄化槽|じょうかそう|septic tank|净化槽|淨化槽|정화조
道路占用|どうろせんよう|use of a road|道路占用|道路占用|도로 점용
私道|しどう|private road|私道|私人道路|사도
屋外広告物|おくがいこうこくぶつ|outdoor advertisement|户外广告|戶外廣告|옥외광고물
建築確認|けんちくかくにん|building confirmation|建筑确认|建築確認|건축 확인
開発行為|かいはつこうい|land development|开发行为|開發行為|개발행위
耐震改修|たいしんかいしゅう|earthquake strengthening|抗震改造|耐震改修|내진 보수
空き家|あきや|vacant house|空置房屋|空屋|빈집
都営住宅|とえいじゅうたく|public housing|都营住宅|都營住宅|도영주택
駐輪場|ちゅうりんじょう|bicycle parking|自行车停车场|腳踏車停車場|자전거 주차장
駐車場|ちゅうしゃじょう|car park|停车场|停車場|주차장
公園|こうえん|park|公园|公園|공원
体育館|たいいくかん|sports hall|体育馆|體育館|체육관
図書館|としょかん|library|图书馆|圖書館|도서관
市民会館|しみんかいかん|civic hall|市民会馆|市民會館|시민회관
火葬場|かそうば|crematorium|火葬场|火葬場|화장장
墓地|ぼち|cemetery|墓地|墓地|묘지
飲食店|いんしょくてん|restaurant|餐饮店|餐飲店|음식점
理容所|りようじょ|barber shop|理发店|理髮店|이용원
美容所|びようじょ|beauty salon|美容院|美容院|미용실
旅館|りょかん|inn|旅馆|旅館|여관
民泊|みんぱく|home lodging|民宿|民宿|민박
クリーニング所|くりーにんぐじょ|laundry|洗衣店|洗衣店|세탁소
薬局|やっきょく|pharmacy|药店|藥局|약국
診療所|しんりょうじょ|clinic|诊所|診所|의원
食品営業|しょくひんえいぎょう|food business|食品营业|食品營業|식품영업
酒類販売|しゅるいはんばい|sale of alcohol|酒类销售|酒類販售|주류 판매
古物商|こぶつしょう|second-hand dealer|旧货商|舊貨商|고물상
危険物|きけんぶつ|dangerous goods|危险物品|危險物品|위험물
消防設備|しょうぼうせつび|fire equipment|消防设备|消防設備|소방설비
防火管理者|ぼうかかんりしゃ|fire prevention manager|防火管理人|防火管理人|방화관리자
花火|はなび|fireworks|烟花|煙火|불꽃놀이
イベント|いべんと|event|活动|活動|이벤트
撮影|さつえい|filming|拍摄|拍攝|촬영
創業|そうぎょう|founding a business|创业|創業|창업
中小企業|ちゅうしょうきぎょう|small business|中小企业|中小企業|중소기업
商店街|しょうてんがい|shopping street|商店街|商店街|상점가
農地|のうち|farmland|农地|農地|농지
森林|しんりん|forest|森林|森林|산림
太陽光発電|たいようこうはつでん|solar power|太阳能发电|太陽能發電|태양광 발전
電気自動車|でんきじどうしゃ|electric car|电动汽车|電動車|전기자동차
固定資産税|こていしさんぜい|property tax|固定资产税|固定資產稅|고정자산세
住民税|じゅうみんぜい|resident tax|居民税|住民稅|주민세
自動車税|じどうしゃぜい|vehicle tax|汽车税|汽車稅|자동차세
納税|のうぜい|payment of tax|纳税|納稅|납세
""".splitlines()
    )
)

ACTIONS: Final[tuple[tuple[str, Word], ...]] = tuple(
    (kind, (ja, kana, en, hans, hant, ko))
    for kind, ja, kana, en, hans, hant, ko in (
        line.split("|")
        for line in """\
certificate|証明書の交付申請|しょうめいしょのこうふしんせい|certificate|证明申请|證明申請|증명서 신청
certificate|記載事項証明|きさいじこうしょうめい|extract of entries|记载事项证明|記載事項證明|기재사항 증명
certificate|写しの交付申請|うつしのこうふしんせい|copy|副本申请|副本申請|사본 신청
permit|許可申請|きょかしんせい|permit|许可申请|許可申請|허가 신청
permit|許可の更新|きょかのこうしん|renewal of a permit|许可更新|許可更新|허가 갱신
permit|認定申請|にんていしんせい|recognition|认定申请|認定申請|인정 신청
notification|届出|とどけで|notification|申报|申報|신고
notification|変更届|へんこうとどけ|notification of a change|变更申报|變更申報|변경 신고
notification|廃止届|はいしとどけ|notification of closure|停止申报|廢止申報|폐지 신고
grant|助成金の申請|じょせいきんのしんせい|subsidy|补助申请|補助申請|보조금 신청
grant|補助金の実績報告|ほじょきんのじっせきほうこく|report on a subsidy|补助报告|補助報告|보조금 보고
grant|給付金の申請|きゅうふきんのしんせい|benefit|给付申请|給付申請|급부금 신청
booking|利用予約|りようよやく|booking|预约|預約|이용 예약
inspection|検査の申請|けんさのしんせい|inspection|检查申请|檢查申請|검사 신청
contract|利用契約|りようけいやく|contract of use|使用合同|使用契約|이용 계약
notification|減免申請|げんめんしんせい|reduction or exemption|减免申请|減免申請|감면 신청
""".splitlines()
    )
)

SORTS: Final[tuple[Word, ...]] = tuple(
    (ja, kana, en, hans, hant, ko)
    for ja, kana, en, hans, hant, ko in (
        line.split("|")
        for line in """\
個人|こじん|individuals|个人|個人|개인
法人|ほうじん|corporations|法人|法人|법인
世帯|せたい|households|家庭|家庭|세대
高齢者|こうれいしゃ|older people|老年人|高齡者|고령자
障害者|しょうがいしゃ|people with disabilities|残疾人|身心障礙者|장애인
ひとり親|ひとりおや|single parents|单亲|單親|한부모
子育て世帯|こそだてせたい|families|育儿家庭|育兒家庭|육아 세대
外国人|がいこくじん|foreign residents|外国人|外國人|외국인
学生|がくせい|students|学生|學生|학생
新規|しんき|first time|首次|首次|신규
継続|けいぞく|continued|继续|繼續|계속
再交付|さいこうふ|reissue|补发|補發|재교부
代理人|だいりにん|agents|代理人|代理人|대리인
団体|だんたい|associations|团体|團體|단체
町会|ちょうかい|neighbourhood associations|町会|町會|반상회
管理者|かんりしゃ|managers|管理人|管理人|관리자
所有者|しょゆうしゃ|owners|所有人|所有人|소유자
使用者|しようしゃ|users|使用人|使用人|사용자
事業者|じぎょうしゃ|businesses|经营者|業者|사업자
臨時|りんじ|temporary|临时|臨時|임시
緊急|きんきゅう|urgent|紧急|緊急|긴급
小規模|しょうきぼ|small|小规模|小規模|소규모
大規模|だいきぼ|large|大规模|大規模|대규모
一般|いっぱん|general|一般|一般|일반
特例|とくれい|special|特例|特例|특례
""".splitlines()
    )
)
