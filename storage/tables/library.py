"""What people keep: favourites, style cards, trays; and copies of results that platforms keep."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.base import HASH, JOB_ID, USER_ID, Table, choice


class TrayRole(StrEnum):
    """What a picture in a tray is for."""

    SUBJECT = "subject"
    STYLE = "style"


class FavouriteRow(Table):
    """A picture that a person marked."""

    __tablename__ = "favourites"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    job_id: Mapped[str] = mapped_column(JOB_ID, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True, index=True)
    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    created_at: Mapped[datetime]


class CopyRow(Table):
    """A result that a platform keeps, by the id under which it shows it again."""

    __tablename__ = "copies"

    keeper: Mapped[str] = mapped_column(Text, primary_key=True)
    job_id: Mapped[str] = mapped_column(JOB_ID, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True, index=True)
    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file_id: Mapped[str] = mapped_column(Text)


class StyleRow(Table):
    """A style card on a shelf; `name_folded` is the name in the form by which it is found."""

    __tablename__ = "styles"
    __table_args__ = (UniqueConstraint("shelf", "name_folded"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    shelf: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    name_folded: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(USER_ID, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]

    pictures: Mapped[list[StylePictureRow]] = relationship(order_by="StylePictureRow.position", lazy="raise")


class StylePictureRow(Table):
    """A picture of a style card."""

    __tablename__ = "style_pictures"

    style_id: Mapped[str] = mapped_column(ForeignKey("styles.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    picture: Mapped[str] = mapped_column(HASH, index=True)


class TrayPictureRow(Table):
    """A picture in a person's tray; styles in their order."""

    __tablename__ = "tray_pictures"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[TrayRole] = mapped_column(choice(TrayRole, "role"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    picture: Mapped[str] = mapped_column(HASH, index=True)
    put_at: Mapped[datetime]
