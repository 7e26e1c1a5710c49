"""What is no rule's business: what people see where no certificate is to be judged, or not by us.

A symptom has a page like a rule (`docs/symptoms/`): what it means, who says so, what to look at
on which side, on Linux, on Windows and in containers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from edgecheck.behaviour.alerts import ALERTS
from edgecheck.explaining.alerts import ALERT_REFERENCE, about
from edgecheck.rules.engine.rule import Reference

GATEWAY = "iotedgegw.local"
"""Stands in commands for the gateway's own name."""
CAPTURE = f"edgecheck connect {GATEWAY}:8883 --trust root.pem"
ON_THE_OTHER_SIDE = "iotedge logs edgeHub --tail 200"
"""Where the other side is a gateway: it is the one that refused."""


@dataclass(frozen=True, slots=True)
class Symptom:
    """One of them.

    Attributes:
        id: `symptom.<name>`, stable.
        title: in one line.
        explanation: what it means and who refuses whom, in plain words.
        looks: where to look, by side or system, what to do there.
        next: the one command to run next.
        references: where that stands.
    """

    id: str
    title: str
    explanation: str
    looks: Mapping[str, str]
    next: str
    references: tuple[Reference, ...] = field(default=())


_SOCKETS = Reference(
    "Microsoft: Windows Sockets error codes",
    "https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2",
)
_ERRNO = Reference("Linux: errno", "https://man7.org/linux/man-pages/man3/errno.3.html")
_TROUBLE = Reference(
    "Microsoft: Solutions to common issues for Azure IoT Edge",
    "https://learn.microsoft.com/azure/iot-edge/troubleshoot-common-errors",
)
_TLS = Reference(
    "RFC 8446: The Transport Layer Security (TLS) Protocol Version 1.3",
    "https://www.rfc-editor.org/rfc/rfc8446",
)


def _made(
    name: str,
    title: str,
    explanation: str,
    looks: Mapping[str, str],
    next: str,
    *references: Reference,
) -> Symptom:
    return Symptom(f"symptom.{name}", title, explanation, looks, next, references)


_ALL = (
    _made(
        "refused-without-reason",
        "The certificate was refused, and the program does not say why",
        "The program that printed this text did not accept the certificate of the server that it "
        "connected to. The reason is left out of this text: the root may not be trusted, a "
        "certificate may be missing, the host name may be another, or a date over.",
        {
            "this side": "Look for another line of the same program that has the reason (a number, "
            "a name such as UntrustedRoot); turn its logging up. Then capture what the server "
            "presents, and check it with the root that this program trusts and the name that it "
            "asks for.",
            "ESP32": "Print the flags of esp_tls_get_and_clear_last_error, or call "
            "mbedtls_ssl_get_verify_result; set the clock (SNTP) before you connect.",
        },
        CAPTURE,
        _TLS,
    ),
    _made(
        "name-not-resolved",
        "The name has no address",
        "The host name was not resolved to an address, so that nothing was connected and no "
        "certificate was seen. Certificates are not the reason.",
        {
            "Linux": f"`getent hosts {GATEWAY}` shows the address that programs get. Names that "
            "end in `.local` need mDNS (Avahi, systemd-resolved), which containers do not have.",
            "Windows": f"`Resolve-DnsName {GATEWAY}`, and the file "
            r"`C:\Windows\System32\drivers\etc\hosts`.",
            "containers": "Docker has its own resolver: give the container the name with "
            "`ExtraHosts` in createOptions, or a DNS server in /etc/docker/daemon.json.",
        },
        f"getent hosts {GATEWAY}",
        _SOCKETS,
        _TROUBLE,
    ),
    _made(
        "connection-refused",
        "Nothing listens on that port",
        "The address answered that nothing listens on the port. No certificate was seen.",
        {
            "the gateway": "`iotedge list` shows whether edgeHub runs; `sudo ss -tlnp` which ports "
            "are open. The createOptions of edgeHub bind 8883, 5671 and 443 to the host.",
            "this side": "MQTT over TLS is 8883, AMQP 5671, HTTPS and WebSockets 443.",
            "Windows": "`Test-NetConnection HOST -Port 8883`.",
        },
        "sudo ss -tlnp",
        _ERRNO,
        _SOCKETS,
    ),
    _made(
        "timed-out",
        "Nobody answered",
        "No answer came from that address and port in time, or there is no way to it. No "
        "certificate was seen.",
        {
            "between": "Firewalls, the gateway's own among them, a wrong address, a VPN, a VLAN.",
            "Linux": f"`nc -vz {GATEWAY} 8883`, `ip route get ADDRESS`.",
            "Windows": "`Test-NetConnection HOST -Port 8883`.",
            "containers": "Docker accepts connections for a container that hangs: `iotedge list`, "
            "`docker stats`.",
        },
        f"nc -vz {GATEWAY} 8883",
        _ERRNO,
        _SOCKETS,
    ),
    _made(
        "closed-in-handshake",
        "The connection was closed during the handshake",
        "The other side, or something between, closed the connection before the handshake was "
        "done, and did not say why.",
        {
            "the other side": "Its log says why: on a gateway `iotedge logs edgeHub`, of a broker "
            "its own log. Without a certificate that it can use a server closes like that.",
            "between": "A proxy or load balancer without a server behind it, a firewall that looks "
            "into TLS, a port of Docker whose container does not listen.",
        },
        ON_THE_OTHER_SIDE,
        _TLS,
    ),
    _made(
        "not-tls",
        "The other side does not speak TLS on that port",
        "What came back is no TLS: a plain-text protocol, a proxy's answer, or the other way "
        "round, a client that speaks plain text to a TLS port.",
        {
            "this side": "The port of MQTT without TLS is 1883, with TLS 8883; of HTTP 80 and 443. "
            "A URL may need `mqtts:`, `amqps:` or `https:`. A proxy variable (HTTPS_PROXY) may "
            "stand in the way.",
            "the other side": "Whether the listener on that port has TLS turned on.",
        },
        CAPTURE,
        _TLS,
    ),
    _made(
        "protocol-version",
        "The two sides have no version of TLS, or no cipher, in common",
        "One side is too old for the other. Certificates are not the reason.",
        {
            "the gateway": "edgeHub has the variable SslProtocols; TLS 1.2 is its default since "
            "1.0.10 or so.",
            "this side": "Update its TLS library, or allow TLS 1.2. OpenSSL 3 and newer systems "
            "refuse TLS 1.0 and 1.1.",
            "Windows": "Schannel: TLS 1.2 is turned on by the registry keys under "
            r"`SCHANNEL\Protocols`; .NET Framework needs SchUseStrongCrypto.",
        },
        f"openssl s_client -connect {GATEWAY}:8883 -tls1_2 </dev/null",
        _TLS,
    ),
    _made(
        "no-certificate-sent",
        "No certificate came from the other side",
        "The handshake went on, or ended, without a certificate from the side that was asked for "
        "one: a server that has none to send, or a client that was asked for one and has none.",
        {
            "the server": "Whether it has a certificate and key that it can read, and of a kind "
            "that this client can use.",
            "the client": "Where the server asks for a certificate (mutual TLS), the device needs "
            "its X.509 certificate and key in its configuration.",
        },
        CAPTURE,
        _TLS,
    ),
    _made(
        "revocation-not-checked",
        "Whether the certificate is revoked could not be found out",
        "The client asks for revocation, and no list or answer could be had. Private roots mostly "
        "have none; edge devices mostly cannot reach the address.",
        {
            "Windows": "Schannel and curl check by default (`curl --ssl-no-revoke`, in .NET "
            "X509RevocationMode.NoCheck); the address in the certificate must be reachable.",
            "Java": "`-Dcom.sun.net.ssl.checkRevocation=false` is the default; somebody turned it "
            "on.",
            "the certificates": "`edgecheck check` shows whether they name addresses of lists at "
            "all.",
        },
        CAPTURE,
        Reference("RFC 5280, section 6.3", "https://www.rfc-editor.org/rfc/rfc5280#section-6.3"),
    ),
    _made(
        "file-not-readable",
        "A file exists, and the program may not read it",
        "The operating system refused to open a file or a directory above it.",
        {
            "the gateway": "From 1.2 on certd reads certificates as user aziotcs and keyd reads "
            "keys as aziotks: `sudo chown aziotks:aziotks KEY; sudo chmod 600 KEY`. Every "
            "directory above must let them through. Up to 1.1 iotedge reads them.",
            "Linux": "`namei -l PATH` shows owner and mode of every part of a path; also look at "
            "SELinux and AppArmor (`sudo ausearch -m avc`).",
            "Windows": "`icacls PATH`; the service's account needs to read.",
            "containers": "The user in the container is another one than on the host; a mounted "
            "file keeps its owner.",
        },
        "namei -l PATH",
        _ERRNO,
        _TROUBLE,
    ),
    _made(
        "file-not-found",
        "A file is not there",
        "The program was told a path at which no file is, as it sees it.",
        {
            "the gateway": "config.toml wants `file:///etc/...` with three slashes; config.yaml up "
            "to 1.1 the same. `sudo iotedge config apply` after each change.",
            "containers": "A path of the host does not exist in the container unless it is "
            "mounted.",
            "Linux": "`namei -l PATH` shows which part of the path is missing.",
        },
        "namei -l PATH",
        _ERRNO,
    ),
    _made(
        "key-not-usable",
        "The private key is missing, or cannot be used",
        "A program has a certificate, and no key to it that it can open or that belongs to it.",
        {
            "the gateway": "keyd's log: `sudo iotedge system logs -- -f -u aziot-keyd`. The key "
            "must be PEM, without a password, RSA or EC, readable by aziotks.",
            "Windows": "The certificate was imported without its key, or the service's account may "
            "not use it (certlm.msc, Manage Private Keys).",
            "key against certificate": "Both lines of the command below must be the same.",
        },
        "openssl x509 -in cert.pem -noout -pubkey | sha256sum; "
        "openssl pkey -in key.pem -pubout | sha256sum",
        _TROUBLE,
    ),
    _made(
        "cloud-refused",
        "IoT Hub or the Device Provisioning Service refused",
        "The cloud answered, so TLS with it works. It does not know the device, the certificate "
        "or its CA, or does not allow what was asked.",
        {
            "the cloud": "Whether the device or enrolment exists, is enabled, and has this "
            "certificate's thumbprint or CA; whether the CA is verified; scope id and host name.",
            "the device": "Device id and common name must be equal, letter by letter, with X.509; "
            "its clock must be right.",
        },
        "az iot hub device-identity show --hub-name HUB --device-id DEVICE",
        Reference(
            "Microsoft: Troubleshoot Azure IoT Hub error codes",
            "https://learn.microsoft.com/azure/iot-hub/troubleshoot-error-codes",
        ),
    ),
    _made(
        "legacy-encryption",
        "A PKCS#12 file is encrypted in a way that OpenSSL 3 does not open",
        "RC2 and 3DES with SHA-1, in which older tools and Windows write PKCS#12, are not part of "
        "OpenSSL 3's default provider. The certificates inside may be quite right.",
        {
            "this side": "Open it with `-legacy` and write it anew:",
            "Windows": "Export with the encryption AES256-SHA256.",
        },
        "openssl pkcs12 -legacy -in old.p12 -nodes -out certs-and-key.pem",
        Reference(
            "OpenSSL 3.0 migration guide",
            "https://docs.openssl.org/3.0/man7/migration_guide/",
        ),
    ),
    _made(
        "wrong-password",
        "The password does not open the file",
        "A key, a PKCS#12 file or a key store was opened with another password than it has, or "
        "is damaged.",
        {
            "this side": "Try it by hand. An empty password and none are different things.",
            "the gateway": "IoT Edge's services take no password: the key file must be without "
            "one.",
        },
        "openssl pkcs12 -in FILE.p12 -noout -info",
        Reference("RFC 7292: PKCS #12", "https://www.rfc-editor.org/rfc/rfc7292"),
    ),
    _made(
        "no-trust-anchors",
        "The program trusts nobody: its list of roots is empty",
        "The file or store of trusted roots was not found, is empty, or holds no certificate that "
        "counts as trusted, so that every server is refused.",
        {
            "Java": "`keytool -list -keystore FILE`: entries must be trustedCertEntry; a wrong "
            "path "
            "to javax.net.ssl.trustStore is silently empty.",
            "Linux": "ca-certificates is missing in slim container images; SSL_CERT_FILE points "
            "elsewhere.",
            "ESP32": "The bundle (esp_crt_bundle_attach) or cert_pem was not set.",
        },
        "keytool -list -keystore truststore.jks",
        Reference(
            "OpenJDK 17, java/security/cert/PKIXParameters.java",
            "https://github.com/openjdk/jdk17u/blob/master/src/java.base/share/classes/java/"
            "security/cert/PKIXParameters.java",
        ),
    ),
    _made(
        "own-certificate-too-weak",
        "The program refuses its own certificate: key or digest are too weak",
        "OpenSSL's security level does not let this program use the certificate that it was given "
        "for itself: a key of 1,024 bits, or a signature with SHA-1 or MD5.",
        {
            "this side": "Have the certificate reissued with a key of 2,048 bits or P-256, and "
            "SHA-256. Only for a test: `openssl ... -cipher DEFAULT@SECLEVEL=0`.",
        },
        "openssl x509 -in cert.pem -noout -text",
        Reference(
            "OpenSSL: SSL_CTX_set_security_level",
            "https://docs.openssl.org/3.0/man3/SSL_CTX_get_security_level/",
        ),
    ),
)

SYMPTOMS: Mapping[str, Symptom] = {
    symptom.id: symptom
    for symptom in (
        *_ALL,
        *(
            Symptom(f"symptom.alert-{name.replace('_', '-')}", *about(name), (ALERT_REFERENCE,))
            for name in ALERTS.values()
            if name != "close_notify"
        ),
    )
}
