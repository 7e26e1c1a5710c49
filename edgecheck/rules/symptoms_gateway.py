"""What users see where a gateway or a device is set up wrongly (see `symptoms.py`)."""

from collections.abc import Mapping

from edgecheck.rules import texts

OF_GATEWAYS: Mapping[str, tuple[str, ...]] = {
    "configuration.edge-ca-incomplete": (
        "could not parse config file",
        "Transparent gateway certificates not found, operating in quick start mode",
        "To operate Edge as a transparent gateway, set env variables with valid values",
    ),
    "configuration.est-issues-no-ca": texts.NO_CA[:2],
    "configuration.est-over-http": ("is configured with unencrypted HTTP",),
    "configuration.no-auto-renewal": ("Auto renewal of the Edge CA is not configured",),
    "configuration.not-parsed": ("could not parse config file", "is not well-formed"),
    "configuration.quickstart": (
        "The Edge device is using self-signed automatically-generated development certificates",
    ),
    "configuration.stray-characters": ("is not well-formed",),
    "configuration.uri-not-a-file": ("has a scheme other than `file://`", "is unsupported for"),
    "configuration.uri-query": ("PEM pass phrase", "is unsupported for"),
    "configuration.uri-two-slashes": (
        "does not have a valid URI: not a valid path",
        "is unsupported for",
        "could not stat",
    ),
    "device.cached-workload-ca-stale": (
        "Did not find issuer certificate in certificate",
        "Obtaining workload CA failed. Triggering reconfiguration",
    ),
    "device.certificates-incomplete": (
        "Transparent gateway certificates not found, operating in quick start mode",
    ),
    "device.key-encrypted": ("PEM pass phrase",),
    "device.key-kind": ("Unsupported key type", "failed to create cert"),
    "device.key-mismatch": (
        "does not match preloaded private key with ID",
        "certificate signature failure",
    ),
    "device.key-permissions": ("is not readable by user",),
    "device.system-lacks-root": ("x509: certificate signed by unknown authority",),
    "edge.cloud-service": texts.WRONG_NAME_TOO,
    "edge.identity-as-server": texts.NOT_FOR_SERVERS[1:],
    "edge.self-signed-server": (*texts.WRONG_NAME_TOO, *texts.SELF_SIGNED),
    "edge.quickstart-certificates": (
        "unable to get local issuer certificate",
        "unable to verify the first certificate",
        "The Edge device is using self-signed automatically-generated development certificates",
    ),
    "identity.chain-not-sent": ("Error validating cert with Subject",),
    "identity.cn-is-not-device-id": (
        "because the certificate common name (CN) did not match the id",
    ),
    "identity.is-a-ca": (
        "was found to be a CA certificate, this is not permitted per the authentication policy",
    ),
    "identity.registered-otherwise": texts.NO_CERTIFICATE_LOGS_IN,
    "identity.thumbprint-mismatch": (
        "thumbprint did not match the primary or the secondary thumbprints",
    ),
    "runtime.expires-after-2038": texts.AFTER_2038,
    "runtime.expires-after-2050": (
        "Unsupported 'not after' time format in certificate",
        "Could not initialize HSM",
    ),
    "runtime.not-before-misread": (
        "Could not parse 'not before' timestamp from certificate",
        "Unsupported 'not before' time format in certificate",
    ),
}
