"""Pages of accounts: signing in, one's own account, one-time links; and those of administrators."""

from app.people.routes import links, own, second_factor, signing_in, tokens
from app.people.routes.accounts import blueprint as accounts
from app.people.routes.own import blueprint

__all__ = ["accounts", "blueprint", "links", "own", "second_factor", "signing_in", "tokens"]
