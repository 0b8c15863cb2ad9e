"""Reviews of deadlines: holding one, closing it, reading those that are closed."""

from app.reviews.routes import choosing, closing, files, pages
from app.reviews.routes.loading import blueprint, review_content

__all__ = ["blueprint", "choosing", "closing", "files", "pages", "review_content"]
