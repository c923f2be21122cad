"""The way to a Dask cluster: its address, its certificates, and who may be reached without any.

What travels is believed by whoever gets it, in both directions: a cluster is reached by TLS with certificates of one's
own authority (`dask+tls://`), and without (`dask://`) only on this very machine.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING

from perfgen.findings import ToolError, UsageError

if TYPE_CHECKING:
    from distributed import Client, Security

PLAIN, ENCRYPTED = "dask", "dask+tls"
_PROTOCOLS = {PLAIN: "tcp", ENCRYPTED: "tls"}
_ADDRESS = re.compile(r"(?P<scheme>[a-z+]+)://(?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_.-]+):(?P<port>\d{1,5})/?")
_CONNECT = 15
"""Seconds that a scheduler has to answer."""
_HOW = f"写成 {ENCRYPTED}://主机:端口（本机上可以是 {PLAIN}://127.0.0.1:端口）。"
_TALKERS = ("distributed", "tornado", "asyncio")
"""The packages whose loggers would print what is said in a sentence anyway."""
_SETTINGS = {
    "tls_ca_file": "DASK_DISTRIBUTED__COMM__TLS__CA_FILE",
    "tls_client_cert": "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT",
    "tls_client_key": "DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY",
}
"""The settings of Dask that a client needs for TLS, and the environment variables that set them."""


def client(address: str) -> Client:
    """Dask's client for an address as typed.

    Raises UsageError for one that cannot be, or must not be without TLS; ToolError where Dask or an answer is missing.
    """
    dask_address, is_encrypted = _parsed(address)
    try:
        from distributed import Client
    except ImportError as error:
        raise ToolError("没有装 Dask；运行 pip install 'perfgen[cluster]' 再试。") from error
    _quiet()
    security = _security(is_encrypted)
    try:
        return Client(dask_address, security=security, timeout=_CONNECT, set_as_default=False, name="perfgen")
    except (OSError, ValueError, TimeoutError) as error:
        raise ToolError(f"连不上集群 {address}：{_root(error)}。看调度进程在不在、地址和证书对不对。") from error


def require_near(workers: Iterable[str]) -> None:
    """Raises UsageError where a cluster without TLS has workers on other machines: they would be sent everything."""
    for worker in workers:
        protocol, _, rest = worker.partition("://")
        if protocol != "tls" and not _is_loopback(rest.rpartition(":")[0]):
            raise UsageError(f"这个集群没有加密，{worker} 却在别的机器上；用 {ENCRYPTED}:// 和证书。")


def _parsed(address: str) -> tuple[str, bool]:
    found = _ADDRESS.fullmatch(address)
    if found is None or found["scheme"] not in _PROTOCOLS or int(found["port"]) > 0xFFFF:
        raise UsageError(f"看不懂集群的地址“{address}”；{_HOW}")
    is_encrypted = found["scheme"] == ENCRYPTED
    if not is_encrypted and not _is_loopback(found["host"]):
        raise UsageError(f"{address} 在别的机器上，{PLAIN}:// 不加密，谁都能冒充；用 {ENCRYPTED}:// 和证书。")
    return f"{_PROTOCOLS[found['scheme']]}://{found['host']}:{int(found['port'])}", is_encrypted


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _security(is_encrypted: bool) -> Security:
    """What Dask's own settings say of certificates. Raises UsageError where something is missing that is needed.

    Whether encryption is required, the address decides alone: a client that may not speak plainly would wait for long.
    """
    from distributed import Security

    security = Security(require_encryption=is_encrypted)
    missing = [variable for name, variable in _SETTINGS.items() if not getattr(security, name)]
    if is_encrypted and missing:
        raise UsageError(f"{ENCRYPTED}:// 要有证书；在环境变量里写明文件：{'、'.join(missing)}。")
    return security


def _quiet() -> None:
    """Lets Dask print nothing: what matters is said by those who call."""
    known = list(logging.root.manager.loggerDict)  # Dask gives some of its loggers levels of their own
    for name in {*_TALKERS, *(one for one in known if one.partition(".")[0] in _TALKERS)}:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    warnings.filterwarnings("ignore", module=r"(distributed|dask|tornado)\b")


def _root(error: BaseException) -> str:
    """What the first cause of an error says that says anything, as one that was only called off does not."""
    said = type(error).__name__
    cause: BaseException | None = error
    while cause is not None:
        said = str(cause).strip() or said
        cause = cause.__cause__ or cause.__context__
    return said
