"""A document as DOCX."""

from app.documents.word.writer import word

__all__ = ["word"]
