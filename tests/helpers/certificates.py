"""Certificates of an authority of a test's own, as a cluster needs them."""

from __future__ import annotations

import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROLES = ("scheduler", "worker", "client")
_BEGIN = datetime.datetime(2020, 1, 1)
_END = datetime.datetime(2120, 1, 1)


def settings(folder: Path) -> dict[str, str]:
    """Makes an authority and a certificate for each role; gives Dask's environment variables that name them."""
    folder.mkdir()
    authority = ec.generate_private_key(ec.SECP256R1())
    (folder / "ca.pem").write_bytes(_certificate("CA", authority, authority, is_authority=True))
    found = {
        "DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(folder / "ca.pem"),
        "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True",
    }
    for role in ROLES:
        key = ec.generate_private_key(ec.SECP256R1())
        (folder / f"{role}.pem").write_bytes(_certificate(role, key, authority))
        (folder / f"{role}.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        found[f"DASK_DISTRIBUTED__COMM__TLS__{role.upper()}__CERT"] = str(folder / f"{role}.pem")
        found[f"DASK_DISTRIBUTED__COMM__TLS__{role.upper()}__KEY"] = str(folder / f"{role}.key")
    return found


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, authority: ec.EllipticCurvePrivateKey, *, is_authority: bool = False
) -> bytes:
    made = (
        x509.CertificateBuilder(_name("CA"), _name(name), key.public_key(), x509.random_serial_number(), _BEGIN, _END)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .sign(authority, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
