"""Running the site: is it ready, what it measures, its backups, another database."""
