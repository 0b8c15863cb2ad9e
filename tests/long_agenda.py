"""An agenda of 60 items with long titles in five scripts, as a document and as what is frozen."""

from datetime import UTC, date, datetime

from app.agendas.rules.content import Content, ContentItem
from app.agendas.rules.meeting_facts import MeetingFacts, MemberZone
from app.agendas.rules.schedule import ItemKind
from app.core.days import Precision
from app.core.markings import Marking
from app.documents.document import Document, DocumentItem, Section, Table

TITLES = (
    "Élaboration d’une méthode commune d’évaluation — œuvre partagée à l’été prochain",
    "日本語の議題：共同評価手法と多言語試験の結果についての長い表題",
    "한국어 안건: 공동 시험 결과와 다음 단계에 대한 긴 제목",
    "جدول الأعمال: نتائج الاختبار المشترك والخطوات التالية ذات العنوان الطويل",
    "Ein *sehr* <b>langer</b> Titel & noch etwas #eval($x$) \\LaTeX [link](x) ~~weg~~ @ref",
)
NOTE = """- one **bold** and *slanted*
- two [a link](https://example.org/a?b=1&c=2)

3. three
4. four

> quoted جدول

`code` and 日本語 `#let x = 1`

```
#panic("never")
```
"""


def document(language: str = "en", direction: str = "ltr", extra: str = "") -> Document:
    items = tuple(
        DocumentItem(
            f"{TITLES[number % 5]} {number} {extra}".strip(),
            "Discussion · 5 minutes",
            NOTE if number < 5 else "",
            Marking.GREEN,
        )
        for number in range(60)
    )
    times = (("Kenya", "17:00", "Africa/Nairobi"), ("日本", "23:00", "Asia/Tokyo"))
    return Document(
        language=language,
        direction=direction,
        marking=Marking.AMBER_STRICT,
        network="International Network",
        title="Plenary 総会",
        state="Agenda number 1",
        is_draft=False,
        facts=(("When", "2 December 2026"), ("Place", "서울")),
        sections=(Section("In the meeting", items),),
        tables=(Table("Local times", ("Member", "Begins", "Time zone"), times),),
        made_at=datetime(2026, 11, 24, 12, tzinfo=UTC),
    )


def content() -> Content:
    items = tuple(
        ContentItem(
            kind=list(ItemKind)[number % len(ItemKind)],
            title=f"{TITLES[number % 5]} {number}",
            note=NOTE if number < 5 else "",
            minutes=5,
            in_writing=number >= 50,
            presenter="",
            member_code="KE",
            member_name="Kenya",
            marking=Marking.GREEN,
            audience_id=None,
            deliverable_id=None,
            decision_id=None,
            action_id=None,
        )
        for number in range(60)
    )
    zones = (("KE", "Kenya", "Africa/Nairobi"), ("JP", "Japan", "Asia/Tokyo"))
    return Content(
        number=1,
        language="en",
        network="International Network",
        meeting="Plenary 総会",
        starts_on=date(2026, 12, 2),
        ends_on=None,
        precision=Precision.DAY,
        starts_at=datetime(2026, 12, 2, 14, tzinfo=UTC),
        zone="Europe/London",
        place="서울",
        host_code="GB",
        host_name="United Kingdom",
        length=300,
        items=items,
        about=MeetingFacts(
            key="plenary-2026",
            version=3,
            link="https://meet.example.org/plenary",
            duration_minutes=300,
            zones=tuple(MemberZone(*zone) for zone in zones),
        ),
        published_at=datetime(2026, 11, 24, 12, tzinfo=UTC),
        publications=1,
    )
