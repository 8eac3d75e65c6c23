"""The SQLite file with objects, conversations and assets, which survive even `kill -9`.

Each write is a transaction in WAL mode. The file is read once, at the start, and locked while it is
open.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

APPLICATION_ID = 0x65476D31  # identifies our files, in SQLite's own header
FORMAT = 1
MEMORY = ":memory:"


class StoreError(Exception):
    """The file cannot be used; the text is one line for the user."""


class Store:
    """Objects by collection and id, oldest first.

    Conversations, messages, hops and assets are collections too.

    database    id of the file, made with it; `:memory:` has one per process
    generation  a new id for each reset
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._db = self._open()
        self.database = str(self._db.execute("SELECT id FROM identity").fetchone()[0])
        # Formerly this column had the name `database`, and files of that time keep it.
        row = self._db.execute("SELECT database FROM meta").fetchone()
        # No row: a new file, or one whose first reset was interrupted.
        self.fresh = row is None
        self.generation = str(row[0]) if row else ""

    def load(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Return (collection, id, body) of all stored objects, oldest first."""
        rows = self._db.execute("SELECT collection, id, body FROM objects ORDER BY seq")
        return [(collection, key, json.loads(body)) for collection, key, body in rows]

    def put(self, collection: str, key: str, body: dict[str, Any]) -> None:
        """Store or replace one object; on return it survives the end of this process."""
        self._db.execute(
            "INSERT INTO objects (collection, id, body) VALUES (?, ?, ?)"
            " ON CONFLICT (collection, id) DO UPDATE SET body = excluded.body",
            (collection, key, json.dumps(body, separators=(",", ":"))),
        )

    def remove(self, collection: str, key: str) -> None:
        self._db.execute("DELETE FROM objects WHERE collection = ? AND id = ?", (collection, key))

    def put_blob(self, key: str, data: bytes) -> None:
        """Store the bytes of an asset."""
        self._db.execute("INSERT OR REPLACE INTO blobs (id, data) VALUES (?, ?)", (key, data))

    def blob(self, key: str) -> bytes:
        """Return the bytes of an asset, empty if none are stored."""
        row = self._db.execute("SELECT data FROM blobs WHERE id = ?", (key,)).fetchone()
        return bytes(row[0]) if row else b""

    def drop_blob(self, key: str) -> None:
        self._db.execute("DELETE FROM blobs WHERE id = ?", (key,))

    def reset(self, objects: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
        """Replace everything but the file's id by `objects`, in one transaction."""
        self.generation = str(uuid.uuid4())
        self._db.execute("BEGIN")
        self._db.execute("DELETE FROM objects")
        self._db.execute("DELETE FROM blobs")
        self._db.execute("DELETE FROM meta")
        self._db.execute("INSERT INTO meta VALUES (?)", (self.generation,))
        for collection, key, body in objects:
            self.put(collection, key, body)
        self._db.execute("COMMIT")

    def close(self) -> None:
        self._db.close()

    def _open(self) -> sqlite3.Connection:
        name = self.path
        if name != MEMORY and not Path(name).resolve().parent.is_dir():
            raise StoreError(f"database {name} cannot be created: its folder does not exist")
        try:
            if name != MEMORY and not Path(name).exists():
                with contextlib.suppress(OSError):  # SQLite says why it cannot be created
                    os.close(os.open(name, os.O_CREAT, 0o600))
            db = sqlite3.connect(name, timeout=0.5, isolation_level=None)
            # SQLite then locks the file at the first access and until the process ends, so that a
            # second emulator is refused instead of overwriting the objects of the first.
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            mark, version = (
                db.execute(f"PRAGMA {word}").fetchone()[0]
                for word in ("application_id", "user_version")
            )
            tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if (mark or tables) and (mark, version) != (APPLICATION_ID, FORMAT):
                raise StoreError(_foreign(name, mark, version))
            self._protect()
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("BEGIN EXCLUSIVE")
            if not tables:
                self._create(db)
            # Not in `_create`: older databases lack these.
            db.execute("CREATE TABLE IF NOT EXISTS blobs (id TEXT PRIMARY KEY, data BLOB NOT NULL)")
            db.execute("CREATE TABLE IF NOT EXISTS identity (id TEXT NOT NULL)")
            if not db.execute("SELECT count(*) FROM identity").fetchone()[0]:
                db.execute("INSERT INTO identity VALUES (?)", (str(uuid.uuid4()),))
            db.execute("COMMIT")
        except sqlite3.OperationalError as problem:
            if "locked" in str(problem):
                raise StoreError(
                    f"database {name} is in use by another emulator; stop it or choose another file"
                ) from None
            raise StoreError(f"database {name} cannot be opened: {problem}") from None
        except sqlite3.DatabaseError:
            raise StoreError(
                f"database {name} is not an emulator database; choose another file"
            ) from None
        return db

    def _protect(self) -> None:
        """Let only the owner read the files, which hold secrets; SQLite gives new ones that mode.

        Some file systems (FAT, mounted folders) have no modes.
        """
        for name in (self.path, f"{self.path}-wal", f"{self.path}-shm"):
            if self.path != MEMORY and Path(name).is_file():
                with contextlib.suppress(PermissionError):
                    Path(name).chmod(0o600)

    def _create(self, db: sqlite3.Connection) -> None:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {FORMAT}")
        db.execute("CREATE TABLE meta (database TEXT NOT NULL)")
        db.execute(
            "CREATE TABLE objects (seq INTEGER PRIMARY KEY AUTOINCREMENT, collection TEXT NOT NULL,"
            " id TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (collection, id))"
        )


def _foreign(name: str, mark: int, version: int) -> str:
    if mark == APPLICATION_ID:
        return (
            f"database {name} was written by another version of the emulator"
            f" (format {version}, this one has {FORMAT}); delete it or choose another file"
        )
    return f"database {name} is not an emulator database; choose another file"
