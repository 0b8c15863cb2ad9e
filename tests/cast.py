"""Who appears in the tests."""

from dataclasses import dataclass

import make
from sqlalchemy.orm import Session

from app.core.permissions import Role
from app.members.models import Member
from app.people.models import Account


@dataclass(frozen=True, slots=True)
class Cast:
    """Carla coordinates; Wanjiru is the liaison of Kenya and Graham that of the United Kingdom;
    Otto observes; Ada administers. The stranger has no account."""

    kenya: Member
    britain: Member
    coordinator: Account
    liaison: Account
    """Wanjiru, of Kenya."""
    other_liaison: Account
    """Graham, of the United Kingdom."""
    observer: Account
    administrator: Account
    stranger: None = None

    @property
    def accounts(self) -> tuple[Account, ...]:
        return (
            self.coordinator,
            self.liaison,
            self.other_liaison,
            self.observer,
            self.administrator,
        )


def assemble(session: Session) -> Cast:
    make.network(session)
    kenya = make.member(session, "KE", name="Kenya", zone="Africa/Nairobi")
    britain = make.member(session, "GB", name="United Kingdom", zone="Europe/London")
    return Cast(
        kenya=kenya,
        britain=britain,
        coordinator=_account(session, "carla", Role.COORDINATOR),
        liaison=_account(session, "wanjiru", Role.LIAISON, kenya),
        other_liaison=_account(session, "graham", Role.LIAISON, britain),
        observer=_account(session, "otto", Role.OBSERVER),
        administrator=_account(session, "ada", Role.ADMINISTRATOR),
    )


def _account(session: Session, name: str, role: Role, member: Member | None = None) -> Account:
    made: Account = make.account(
        session,
        role,
        email=f"{name}@example.org",
        name=name.title(),
        member_id=member.id if member else None,
        zone=member.zone if member else "UTC",
    )
    return made
