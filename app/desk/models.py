"""What an account has seen of its desk."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class DeskVisit(Base):
    """`since_at`: from when on something counts as new; `seen_at`: when the desk was last open."""

    __tablename__ = "desk_visits"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    since_at: Mapped[datetime]
    seen_at: Mapped[datetime]
