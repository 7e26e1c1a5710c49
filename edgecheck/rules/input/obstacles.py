"""What stands in the way of a certificate, in words, and what to do about each."""

from edgecheck.reading import obstacles as told

_ALONE = """
The port of MQTT is 8883, of AMQP 5671, of HTTPS 443; on the gateway, this shows which one is \
open:

    sudo ss -tlnp"""

SAID = {
    told.NAME_NOT_RESOLVED: "the name of the gateway could not be resolved to an address",
    told.CONNECTION_REFUSED: "the connection was refused, nothing listens on that port",
    told.UNREACHABLE: "there is no way through the network to that address",
    told.TIMED_OUT: "nobody answered at that address and port",
    told.REFUSED_BY_PROGRAM: "the program that connected refused it, and printed none",
    told.PROTOCOL_VERSION: "the two sides have no version of TLS in common",
    told.ALERT: "the server ended the handshake with an alert",
    told.NOT_TLS: "what answers on that port does not speak TLS",
    told.HANDSHAKE_FAILED: "the handshake failed before there was one",
    told.CLOSED: "the connection was closed during the handshake",
    told.NO_CERTIFICATE: "the server finished without sending one",
    told.NOT_PRINTED: "the program was told not to print any",
    told.NO_ANSWER: "it connected, and then nothing more was heard",
}
"""By the kinds of `reading/obstacles.py`, as the end of `no certificate came: ...`."""

HOW = {
    told.NAME_NOT_RESOLVED: "give the name an address, then {}",
    told.CONNECTION_REFUSED: "start edgeHub or open its port, then {}",
    told.UNREACHABLE: "find a way through the network, then {}",
    told.TIMED_OUT: "open the port in the firewalls between, then {}",
    told.REFUSED_BY_PROGRAM: "{}, with all certificates printed",
    told.PROTOCOL_VERSION: "let both sides speak TLS 1.2, then {}",
    told.ALERT: "find the reason in the server's log, then {}",
    told.NOT_TLS: "{}, from the port that speaks TLS",
    told.HANDSHAKE_FAILED: "find the reason in the server's log, then {}",
    told.CLOSED: "find the reason in the server's log, then {}",
    told.NO_CERTIFICATE: "{}, connecting as the devices do",
    told.NOT_PRINTED: "{}, with all certificates printed",
    told.NO_ANSWER: "see that the server runs, then {}",
}
"""What to do in few words, before or while what is told is taken again (`{}`)."""

REMEDIES = {
    told.NAME_NOT_RESOLVED: """\
Give the name an address: in DNS, or in the hosts file of the machine that connects. This shows \
whether it has one:

    getent hosts iotedgegw.local

Without one, connect to the address itself, and still name the gateway:

    openssl s_client -connect 10.0.0.7:8883 -servername iotedgegw.local -showcerts </dev/null""",
    told.CONNECTION_REFUSED: """\
See whether edgeHub runs on the gateway (`iotedge list`), and whether its createOptions bind this \
port to the host. Then connect again.
"""
    + _ALONE,
    told.UNREACHABLE: """\
See whether the address is right and the machine that connects has a route to it (`ip route get \
10.0.0.7`). Then connect again.""",
    told.TIMED_OUT: """\
Open the port in the firewalls between, the gateway's own among them, and see whether the address \
is the gateway's. Then connect again.
"""
    + _ALONE,
    told.REFUSED_BY_PROGRAM: """\
Connect again so that all certificates are printed, whatever the program thinks of them (without \
-verify_return_error and -brief):

    openssl s_client -connect iotedgegw.local:8883 -showcerts </dev/null > transcript.txt 2>&1""",
    told.PROTOCOL_VERSION: """\
Connect with a newer TLS library, or let the server speak TLS 1.2: on edgeHub it is the variable \
SslProtocols, on other servers an option of theirs. Then connect again.""",
    told.ALERT: """\
Look into the server's log for the reason, on a gateway `iotedge logs edgeHub`. An alert \
handshake_failure or internal_error mostly means that it has no certificate that it could use, or \
no key kind or cipher that the client knows. Where it serves several names, connect with the \
right one (-servername).""",
    told.NOT_TLS: """\
Connect to the port on which the server speaks TLS; this one speaks another protocol in plain \
text, or a proxy answers.
"""
    + _ALONE,
    told.HANDSHAKE_FAILED: """\
Look up what the line says: `edgecheck explain` with that text, and the server's log, on a gateway \
`iotedge logs edgeHub`. Then connect again.""",
    told.CLOSED: """\
Look into the server's log for the reason, on a gateway `iotedge logs edgeHub`. Where there is \
none, something between closes connections: a firewall, a load balancer without a server behind \
it, a port of Docker whose container does not listen. Then connect again from the gateway itself:

    openssl s_client -connect localhost:8883 -servername iotedgegw.local -showcerts </dev/null""",
    told.NO_CERTIFICATE: """\
Connect as the devices do, without -psk, without a session from before (-sess_in), and without \
a list of ciphers: with those a server needs to send no certificate.""",
    told.NOT_PRINTED: """\
Connect again so that all certificates are printed (without -brief):

    openssl s_client -connect iotedgegw.local:8883 -showcerts </dev/null > transcript.txt 2>&1""",
    told.NO_ANSWER: """\
Look whether the server behind that port still runs, on a gateway `iotedge list`; Docker accepts \
connections for a container that hangs. A protocol that speaks in plain text before TLS waits so \
too. Then connect again.""",
}
"""By the same kinds."""
