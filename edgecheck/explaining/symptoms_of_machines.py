"""Symptoms of one machine: its files and keys, its clock, its memory, its services."""

from edgecheck.explaining.symptom import ERRNO, TROUBLE, made
from edgecheck.rules.engine.rule import Reference

_SERVICES = Reference(
    "Azure/iot-identity-service: certd, keyd and identityd",
    "https://azure.github.io/iot-identity-service/",
)

SYMPTOMS = (
    made(
        "file-not-readable",
        "A file exists, and the program may not read it",
        "The operating system refused to open a file, or a directory above it, for the user "
        "under whom the program runs.",
        {
            "the gateway": "From 1.2 on certd reads certificates as user aziotcs and keyd reads "
            "keys as aziotks: `sudo chown aziotcs:aziotcs CERT`, `sudo chown aziotks:aziotks KEY; "
            "sudo chmod 600 KEY`. Up to 1.1 the user is iotedge.",
            "Linux": "`namei -l PATH` shows owner and mode of every part of a path: each "
            "directory needs `x` for that user. Also SELinux and AppArmor: `sudo ausearch -m avc`.",
            "Windows": "`icacls PATH`; the account of the service needs to read.",
            "containers": "The user in the container is another one than on the host; a mounted "
            "file keeps its owner.",
        },
        "namei -l PATH",
        ERRNO,
        TROUBLE,
    ),
    made(
        "file-not-found",
        "A file is not there",
        "The program was told a path at which no file is, as it sees it.",
        {
            "the gateway": "config.toml wants `file:///etc/...` with three slashes. `sudo iotedge "
            "config apply` after each change. What certd is asked for and does not have is "
            "`not found`, too: look whether the path under `[preloaded_certs]` is right.",
            "Linux": "`namei -l PATH` shows which part of the path is missing.",
            "Windows": "`dir PATH`; backslashes in a configuration may need to be doubled.",
            "containers": "A path of the host does not exist in the container unless it is "
            "mounted: `docker exec NAME ls -l PATH`.",
        },
        "namei -l PATH",
        ERRNO,
    ),
    made(
        "key-not-usable",
        "The private key is missing, or cannot be used",
        "A program has a certificate, and no key to it that it can open or that belongs to it.",
        {
            "the gateway": "keyd's log: `sudo iotedge system logs -- -f -u aziot-keyd`. The key "
            "must be PEM, without a password, RSA or EC, readable by aziotks.",
            "Windows": "The certificate was imported without its key, or the service's account "
            "may not use it (`certlm.msc`, All Tasks, Manage Private Keys).",
            "key against certificate": "Both lines of the command below must be the same.",
        },
        "openssl x509 -in cert.pem -noout -pubkey | openssl pkey -pubin -outform der | sha256sum; "
        "openssl pkey -in key.pem -pubout -outform der | sha256sum",
        TROUBLE,
    ),
    made(
        "service-not-running",
        "A service of IoT Edge on this machine does not answer",
        "One part of IoT Edge asked another one on the same machine (certd, keyd, identityd, "
        "edged), and it does not run, or ended while it was asked. Its own log has the reason.",
        {
            "the gateway": "`sudo iotedge system status` shows which one is down, with its last "
            "lines. `sudo iotedge system logs` has them all; read upwards from the first `ERR!`.",
            "after a change": "`sudo iotedge config apply` writes the configuration of every "
            "service anew and starts them. A wrong path in config.toml ends certd or keyd.",
            "Windows": "EFLOW: the same, inside of the virtual machine (`Connect-EflowVm`).",
        },
        "sudo iotedge system status",
        _SERVICES,
        TROUBLE,
    ),
    made(
        "not-issued",
        "The certificate could not be issued",
        "certd asked for a certificate, and got none: the EST server refused or was not "
        "configured, or there is nobody to issue it.",
        {
            "the gateway": "certd's log has the answer of the EST server: `sudo iotedge system "
            "logs -- -u aziot-certd`. config.toml needs `[cert_issuance.est]` with `urls`, and a "
            "user name or a bootstrap certificate.",
            "the EST server": "Its log. 401: the identity is not accepted. 400: it does not like "
            "the request. The profile has to issue CA certificates for the device CA.",
        },
        "sudo iotedge system logs -- -u aziot-certd --no-pager",
        Reference("RFC 7030: EST", "https://www.rfc-editor.org/rfc/rfc7030"),
        _SERVICES,
    ),
    made(
        "clock-wrong",
        "The clock of this machine is wrong",
        "Certificates and tokens are compared with the clock: where it is wrong, sound ones have "
        "expired, or are not valid yet.",
        {
            "Linux": "`timedatectl`; time servers need UDP port 123 through the firewall.",
            "Windows": "`w32tm /query /status`.",
            "containers": "A container has the host's clock; a virtual machine may stop its own "
            "while it sleeps.",
            "ESP32": "It starts in 1970: set the clock (SNTP) before you connect.",
        },
        "timedatectl",
        TROUBLE,
    ),
    made(
        "out-of-memory",
        "There is not enough memory for TLS",
        "The program could not get memory for the handshake. Nothing was refused. Long chains and "
        "large keys need more: the chain has to be held as a whole.",
        {
            "ESP32": "`heap_caps_get_largest_free_block` before you connect: a handshake needs "
            "about 40 KiB in one piece. Smaller: CONFIG_MBEDTLS_DYNAMIC_BUFFER, asymmetric "
            "content length, one connection at a time.",
            "the server": "A short chain with P-256 keys, without the root, is a quarter of one "
            "with RSA 4096. `edgecheck check` tells how large it is.",
        },
        "openssl s_client -connect iotedgegw.local:8883 </dev/null | grep read",
        Reference(
            "ESP-IDF: Mbed TLS, Reducing Heap Usage",
            "https://docs.espressif.com/projects/esp-idf/en/stable/esp32/api-reference/protocols/"
            "mbedtls.html",
        ),
    ),
    made(
        "legacy-encryption",
        "A PKCS#12 file is encrypted in a way that OpenSSL 3 does not open",
        "RC2 and 3DES with SHA-1, in which older tools and Windows write PKCS#12, are not part of "
        "OpenSSL 3's default provider. The certificates inside may be quite right.",
        {
            "this side": "Open it with `-legacy`, as below, and write it anew.",
            "Windows": "Export with the encryption AES256-SHA256.",
        },
        "openssl pkcs12 -legacy -in old.p12 -nodes -out certs-and-key.pem",
        Reference(
            "OpenSSL 3.0 migration guide",
            "https://docs.openssl.org/3.0/man7/migration_guide/",
        ),
    ),
    made(
        "wrong-password",
        "The password does not open the file",
        "A key, a PKCS#12 file or a key store was opened with another password than it has, or "
        "is damaged.",
        {
            "this side": "Try it by hand, as below. An empty password and none are different "
            "things.",
            "the gateway": "IoT Edge's services take no password: the key file must be without "
            "one.",
        },
        "openssl pkcs12 -in FILE.p12 -noout -info",
        Reference("RFC 7292: PKCS #12", "https://www.rfc-editor.org/rfc/rfc7292"),
    ),
    made(
        "no-trust-anchors",
        "The program trusts nobody: its list of roots is empty",
        "The file or store of trusted roots was not found, is empty, or holds no certificate that "
        "counts as trusted, so that every server is refused.",
        {
            "Java": "`keytool -list -keystore FILE`: entries must be trustedCertEntry. A wrong "
            "path in javax.net.ssl.trustStore is silently empty.",
            "Linux": "The package ca-certificates is missing, or SSL_CERT_FILE points elsewhere.",
            "Windows": "`certutil -store Root`.",
            "containers": "Slim images have no ca-certificates.",
            "ESP32": "Neither crt_bundle_attach nor cert_pem was set.",
        },
        "keytool -list -keystore truststore.jks",
        Reference(
            "OpenJDK 17, java/security/cert/PKIXParameters.java",
            "https://github.com/openjdk/jdk17u/blob/master/src/java.base/share/classes/java/"
            "security/cert/PKIXParameters.java",
        ),
    ),
    made(
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
"""In the order of the index."""
