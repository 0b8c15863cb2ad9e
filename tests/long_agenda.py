"""An agenda of 60 items with long titles in five scripts, as a document."""

from datetime import UTC, datetime

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
