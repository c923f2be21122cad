"""Who is spoken to: TLS with certificates, or this machine alone; and only workers that have what is here get jobs."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import dask
import distributed
import pytest

from perfgen.findings import ToolError, UsageError
from perfgen.system import cluster_address, environment
from perfgen.system.cluster_members import Members

pytestmark = pytest.mark.cluster

HERE = "tls://10.0.0.11:9000"


class Called(Exception):
    """Somebody was called."""


@pytest.fixture(autouse=True)
def no_call(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """No client is made; gives what was asked of those that would have been."""
    asked: list[dict[str, Any]] = []

    def client(address: str, **named: Any) -> None:
        asked.append({"address": address, **named})
        raise Called

    monkeypatch.setattr(distributed, "Client", client)
    return asked


@pytest.mark.parametrize(
    "host", ["10.0.0.1", "example.org", "[2001:db8::1]", "0.0.0.0", "127.0.0.1.example.org", "localhost."]
)
def test_without_tls_only_this_machine_is_spoken_to(host: str, no_call: list[Any]) -> None:
    with pytest.raises(UsageError, match="不加密"):
        cluster_address.client(f"dask://{host}:8786")
    assert not no_call


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.1.2.3"])
def test_this_machine_is_spoken_to_whatever_dasks_settings_require(host: str, no_call: list[Any]) -> None:
    with dask.config.set({"distributed.comm.require-encryption": True}), pytest.raises(Called):
        cluster_address.client(f"dask://{host}:8786")
    (asked,) = no_call
    assert asked["address"] == f"tcp://{host}:8786" and not asked["security"].require_encryption


@pytest.mark.parametrize(
    "address",
    ["tls://h:1", "tcp://127.0.0.1:8786", "dask+tls://h", "dask+tls://h:99999", "dask+tls://u@h:1", "dask+tls://h:1/x",
     "dask://127.0.0.1", "inproc://1/2/3", "", "DASK://127.0.0.1:1"],
)  # fmt: skip
def test_an_address_of_another_kind_is_not_guessed_at(address: str, no_call: list[Any]) -> None:
    with pytest.raises(UsageError, match="看不懂集群的地址"):
        cluster_address.client(address)
    assert not no_call


def test_what_is_missing_of_certificates_is_said_and_nobody_is_called(no_call: list[Any]) -> None:
    names = {
        "distributed.comm.tls.ca-file": "/x",
        "distributed.comm.tls.client.cert": "/x",
        "distributed.comm.tls.client.key": "/x",
    }
    for missing in names:
        with dask.config.set({**names, missing: None}), pytest.raises(UsageError) as raised:
            cluster_address.client("dask+tls://10.0.0.1:8786")
        variable = "DASK_" + missing.upper().replace(".", "__").replace("-", "_")
        assert str(raised.value).count("DASK_") == 1 and variable in str(raised.value)
    assert not no_call
    with dask.config.set({**names, "distributed.comm.require-encryption": False}), pytest.raises(Called):
        cluster_address.client("dask+tls://10.0.0.1:8786")
    assert no_call[0]["address"] == "tls://10.0.0.1:8786" and no_call[0]["security"].require_encryption is True


def test_dask_itself_prints_nothing_whatever_goes_wrong() -> None:
    """Its loggers have levels of their own: one printed a traceback when the scheduler was gone."""
    with pytest.raises(Called):
        cluster_address.client("dask://127.0.0.1:8786")
    loggers = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in ("distributed", "tornado")]
    assert {"distributed.client", "distributed.core", "tornado.application"} <= set(loggers)
    assert [name for name in loggers if logging.getLogger(name).isEnabledFor(logging.CRITICAL)] == []


class Cluster:
    """What is asked of a client: the workers that are there, and what each says when it is asked what it has."""

    status = "running"

    def __init__(self, **answers: Any) -> None:
        self.scheduler = self
        self.answers = {f"tls://10.0.0.11:{port.strip('_')}": answer for port, answer in answers.items()}

    async def ncores(self) -> dict[str, int]:
        return dict.fromkeys(self.answers, 1)

    async def _run(self, _function: Any, workers: list[str], on_error: str) -> dict[str, Any]:
        assert on_error == "return"
        return {address: self.answers[address] for address in workers}

    @staticmethod
    def sync(call: Any, *args: Any, callback_timeout: float = 0) -> Any:
        return asyncio.run(call(*args))


def members(cluster: Any) -> tuple[Members, list[str]]:
    told: list[str] = []
    return Members(cluster, [], told.append, patience=0), told


def same() -> environment.Environment:
    packages = (*environment.needed(), "cloudpickle", "dask", "distributed", "msgpack", "tornado")
    return environment.of_machine([], packages)


def test_a_worker_that_differs_is_refused_with_what_differs() -> None:
    here = same()
    for name in here:
        other = {**here, name: "另一个"}
        found, told = members(Cluster(_1=here, _2=other))
        assert found.look() == {"tls://10.0.0.11:1": 1}
        (sentence,) = told
        assert "tls://10.0.0.11:2" in sentence and f"{name}：这里 {here[name]}，那里 另一个" in sentence
        assert found.look() and len(told) == 1, "it is said once"
    assert len(here) > 20
    with pytest.raises(ToolError, match="没有能用的工作进程"):
        members(Cluster(_1={**here, "Python": "3.0"}))[0].look()


@pytest.mark.parametrize("answer", [ImportError("no perfgen"), RuntimeError("x"), "no answer", None, {}])
def test_a_worker_that_cannot_say_is_refused(answer: Any) -> None:
    with pytest.raises(ToolError, match="没有能用的工作进程"):
        members(Cluster(_1=answer))[0].look()


def test_a_worker_elsewhere_of_a_plain_cluster_is_sent_nothing() -> None:
    for address in ("tcp://10.0.0.11:9000", "tcp://[2001:db8::1]:9000", "ucx://10.0.0.11:9", "tcp://example.org:1"):
        with pytest.raises(UsageError, match="没有加密"):
            cluster_address.require_near(["tcp://127.0.0.1:9000", address])
        cluster = Cluster()
        cluster.answers = {address: same()}
        with pytest.raises(UsageError, match="没有加密"):
            members(cluster)[0].look()
    cluster_address.require_near(["tcp://127.0.0.1:9000", "tcp://[::1]:9000", HERE])


def test_the_first_cause_that_says_anything_is_told() -> None:
    try:
        try:
            raise ConnectionRefusedError(111, "Connection refused") from asyncio.CancelledError()
        except OSError as error:
            raise OSError("Timed out") from error
    except OSError as error:
        assert cluster_address._root(error) == "[Errno 111] Connection refused"
    assert cluster_address._root(asyncio.CancelledError()) == "CancelledError"
