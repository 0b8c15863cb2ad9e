"""Two workers send 1,000 mails to a real server and are killed at random: what was lost, what came
twice. `python -m bench.outbox [--mails 1000] [--kills 30]`; the database is TEST_POSTGRES_URL's
with --postgres, else an SQLite file. Exit status 1 where anything was lost, or came twice without
a kill."""

import argparse
import secrets
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

import killed_workers
from databases import PostgresSchema, SqliteFile, postgres_url
from post_office import PostOffice, running

from config import Settings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--postgres", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        schema = PostgresSchema(postgres_url(), "bench") if asked.postgres else None
        try:
            url = schema.fresh() if schema else SqliteFile(folder).fresh(folder)
            counts = _run(url, folder, asked.mails, asked.kills)
        finally:
            if schema:
                schema.drop()
    for what, number in asdict(counts).items():
        print(f"{what:10} {number}")
    return int(counts.lost > 0 or counts.strange > 0 or counts.doubled > counts.kills)


def _run(url: str, folder: Path, mails: int, kills: int) -> killed_workers.Counts:
    settings = Settings(
        secret_key=secrets.token_hex(32),
        secret_key_fallbacks=(),
        database_url=url,
        instance=folder,
        served_over_tls=False,
        trusted_hosts=(),
        public_url="https://tracker.example.org",
        proxies=0,
        demo=False,
        mail_from="tracker@example.org",
    )
    office = PostOffice()
    office.delay = 0.004
    with running(office):
        return killed_workers.run(settings, office, mails, kills, limit=1200)


if __name__ == "__main__":
    sys.exit(main())
