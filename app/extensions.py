"""Instances that the application is joined from."""

from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf import CSRFProtect

from app.web.database import Database

db = Database()
babel = Babel()
csrf = CSRFProtect()
login = LoginManager()
