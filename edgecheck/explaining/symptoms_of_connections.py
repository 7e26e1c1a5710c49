"""Symptoms between two sides: names, ports, handshakes, logins."""

from edgecheck.explaining.symptom import (
    CAPTURE,
    ERRNO,
    GATEWAY,
    ON_THE_OTHER_SIDE,
    SOCKETS,
    TLS,
    TROUBLE,
    made,
)
from edgecheck.rules.engine.rule import Reference

SYMPTOMS = (
    made(
        "refused-without-reason",
        "The certificate was refused, and the program does not say why",
        "The program that printed this text did not accept the certificate of the side that it "
        "connected to. The reason is left out of this text: the root may not be trusted, a "
        "certificate may be missing, the host name may be another, or a date over.",
        {
            "this side": "Look for another line of the same program that has the reason: a number "
            "(`verify error:num=20`), or a name such as UntrustedRoot. Or capture what the server "
            "presents (below), and check it with the root that this program trusts and the name "
            "that it asks for.",
            "Linux": "The clock: `timedatectl`. The trusted roots: the file in the program's "
            "configuration, else /etc/ssl/certs.",
            "Windows": "The trusted roots: `certlm.msc`, Trusted Root Certification Authorities. "
            "A service looks into the machine's store, not into a user's.",
            "containers": "A container trusts what is in its image, not what the host trusts: "
            "`docker exec NAME ls /etc/ssl/certs`.",
            "ESP32": "Set the clock (SNTP) before you connect. Print what "
            "esp_tls_get_and_clear_last_error or mbedtls_ssl_get_verify_result give.",
        },
        CAPTURE,
        TLS,
    ),
    made(
        "name-not-resolved",
        "The name has no address",
        "The host name was not resolved to an address, so nothing was connected and no "
        "certificate was seen. Certificates are not the reason.",
        {
            "Linux": f"`getent hosts {GATEWAY}` shows the address that programs get. Names that "
            "end in `.local` need mDNS (Avahi, systemd-resolved). A line in /etc/hosts helps at "
            "once.",
            "Windows": f"`Resolve-DnsName {GATEWAY}`. A line in "
            r"`C:\Windows\System32\drivers\etc\hosts` helps at once.",
            "containers": "A container does not see the host's /etc/hosts, and has no mDNS. Give "
            'it the name in createOptions: `"HostConfig": {"ExtraHosts": '
            f'["{GATEWAY}:192.0.2.7"]}}`, or a DNS server in /etc/docker/daemon.json.',
        },
        f"getent hosts {GATEWAY}",
        SOCKETS,
        TROUBLE,
    ),
    made(
        "connection-refused",
        "Nothing listens on that port",
        "The machine answered that nothing listens on this port. No certificate was seen, so "
        "certificates are not the reason.",
        {
            "the gateway": "`iotedge list` shows whether edgeHub runs. If it does, its "
            "createOptions must bind the ports 8883, 5671 and 443 to the host.",
            "this side": "The port: MQTT over TLS is 8883, AMQP 5671, HTTPS and WebSockets 443. "
            "The address: `localhost` in a container is the container itself.",
            "Linux": "On the machine that is to listen: `sudo ss -tlnp`.",
            "Windows": f"`Test-NetConnection {GATEWAY} -Port 8883`.",
            "containers": "`docker ps` shows which ports are bound to the host.",
        },
        "sudo ss -tlnp",
        ERRNO,
        SOCKETS,
    ),
    made(
        "timed-out",
        "Nobody answered",
        "No answer came from that address and port in time, or there is no way to it. No "
        "certificate was seen, so certificates are not the reason.",
        {
            "between": "A firewall (the gateway's own, too), a wrong address, a VPN or VLAN.",
            "Linux": f"`nc -vz {GATEWAY} 8883`; `ip route get ADDRESS`; `sudo iptables -L -n`.",
            "Windows": f"`Test-NetConnection {GATEWAY} -Port 8883`.",
            "containers": "Docker accepts connections for a container that hangs: `iotedge list`, "
            "`docker stats`.",
        },
        f"nc -vz {GATEWAY} 8883",
        ERRNO,
        SOCKETS,
    ),
    made(
        "closed-in-handshake",
        "The connection was closed before it was ready, and nobody said why",
        "The other side, or something between, closed the connection during the handshake. What "
        "is wrong stands in the log of the other side, if anywhere.",
        {
            "the other side": "Read its log at that minute: on a gateway `iotedge logs edgeHub`, "
            "of a broker its own. A server that has no certificate it can use closes like that; "
            "so does one that does not like the client's, or the client's version of TLS.",
            "between": "A proxy or load balancer without a server behind it; a firewall that "
            "looks into TLS.",
            "containers": "A port of Docker whose container does not listen closes at once.",
        },
        ON_THE_OTHER_SIDE,
        TLS,
    ),
    made(
        "not-tls",
        "One side speaks TLS on that port, and the other does not",
        "What came back is no TLS: a plain-text protocol, a proxy's answer, or a client that "
        "speaks plain text to a TLS port. No certificate was seen.",
        {
            "this side": "The port: MQTT without TLS is 1883, with TLS 8883; HTTP is 80, HTTPS "
            "443. The scheme: `mqtts:`, `amqps:`, `https:`. A proxy variable (HTTPS_PROXY) may "
            "stand in the way.",
            "the other side": "Whether TLS is turned on for the listener of that port.",
        },
        CAPTURE,
        TLS,
    ),
    made(
        "protocol-version",
        "The two sides have no version of TLS, or no cipher, in common",
        "One side is too old for the other, or set so. Mostly certificates are not the reason; a "
        "server whose only certificate is of a kind of key that the client does not know looks "
        "the same.",
        {
            "the gateway": "edgeHub has the environment variable SslProtocols: `tls1.2`, or "
            "`tls1.2,tls1.3`.",
            "this side": "Update its TLS library, or let it use TLS 1.2. OpenSSL 3 and current "
            "systems refuse TLS 1.0 and 1.1.",
            "Windows": "Schannel: TLS 1.2 is turned on by the registry keys under "
            r"`SCHANNEL\Protocols`; .NET Framework needs SchUseStrongCrypto.",
        },
        f"openssl s_client -connect {GATEWAY}:8883 -tls1_2 </dev/null",
        TLS,
    ),
    made(
        "no-certificate-sent",
        "One side was to send a certificate, and sent none",
        "The handshake went on, or ended, without a certificate from the side that had to send "
        "one: a server that has none it can use, or a client that was asked for its own (mutual "
        "TLS) and has none.",
        {
            "the client": "Where the server asks for a certificate, the device needs its X.509 "
            "certificate and key in its configuration.",
            "the server": "Whether it finds its certificate and key, may read them, and they are "
            "of a kind that this client knows. Its log says so when it starts.",
            "containers": "Certificate and key must be mounted into the container, and the paths "
            "are those inside of it.",
        },
        CAPTURE,
        TLS,
    ),
    made(
        "revocation-not-checked",
        "Whether the certificate is revoked could not be found out",
        "The client asks whether the certificate was revoked, and got no list or answer. Private "
        "roots mostly have none, and edge devices mostly cannot reach the address.",
        {
            "Windows": "curl and .NET's SslStream may ask: `curl --ssl-no-revoke`; in .NET "
            "X509RevocationMode.NoCheck. Or make the address in the certificate reachable.",
            "Java": "Off by default; look for `com.sun.net.ssl.checkRevocation`.",
            "the certificates": "`edgecheck check` shows whether they name addresses of lists at "
            "all.",
        },
        CAPTURE,
        Reference("RFC 5280, section 6.3", "https://www.rfc-editor.org/rfc/rfc5280#section-6.3"),
    ),
    made(
        "login-refused",
        "TLS works; the broker does not let this device in",
        "The handshake is done, so both sides accepted each other's certificates. Then the "
        "broker, edgeHub or IoT Hub refused the login: name, password, token, or the device's "
        "certificate is not what it knows of this device.",
        {
            "the gateway": "edgeHub's log names the device and the reason: `iotedge logs edgeHub`. "
            "A device that logs in through a gateway must be its child in IoT Hub.",
            "the cloud": "Whether the device exists, is enabled, and how it is to log in: by key, "
            "by thumbprint or by CA.",
            "this side": "User name and password or token, letter by letter; a token is over "
            "after its time, so the clock must be right. With X.509 the device id is the "
            "certificate's common name.",
        },
        ON_THE_OTHER_SIDE,
        Reference(
            "OASIS: MQTT 3.1.1, section 3.2.2.3: Connect Return code",
            "https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html#_Toc385349256",
        ),
        Reference(
            "Microsoft: Authenticate a downstream device to Azure IoT Hub",
            "https://learn.microsoft.com/azure/iot-edge/how-to-authenticate-downstream-device",
        ),
    ),
    made(
        "cloud-refused",
        "IoT Hub or the Device Provisioning Service refused",
        "The cloud answered, so TLS with it works. It does not know the device, the certificate "
        "or its CA, or does not allow what was asked.",
        {
            "the cloud": "Whether the device or enrolment exists, is enabled, and has this "
            "certificate's thumbprint or CA; whether the CA is verified; scope id and host name.",
            "the device": "Device id (or registration id) and common name must be equal, letter "
            "by letter, with X.509. It has to send the CAs between itself and the one that was "
            "uploaded. Its clock must be right.",
        },
        "az iot hub device-identity show --hub-name HUB --device-id DEVICE",
        Reference(
            "Microsoft: Troubleshoot Azure IoT Hub error codes",
            "https://learn.microsoft.com/azure/iot-hub/troubleshoot-error-codes",
        ),
    ),
)
"""In the order of the index."""
