"""What a library's own function says to certificates and names: OpenSSL, GnuTLS or NSS.

Arguments: the folder of the grid, and which. Only the standard library and the shared library, by
ctypes. Prints a line for each certificate: 1 where it takes the name, 0 where not, x for all where
it cannot read the certificate.
"""

import ctypes
import ipaddress
import sys
from pathlib import Path

FOLDER = Path(sys.argv[1])
HOSTS = [bytes.fromhex(line) for line in (FOLDER / "hosts").read_text().split()]
POINTER = ctypes.c_void_p


def packed(host):
    try:
        return ipaddress.ip_address(host.decode()).packed
    except ValueError:
        return None


def openssl():
    library = ctypes.CDLL("libcrypto.so.3")
    library.d2i_X509.restype = POINTER
    text, size, flags = ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint
    library.X509_check_host.argtypes = [POINTER, text, size, flags, POINTER]
    library.X509_check_ip.argtypes = [POINTER, text, size, flags]

    def read(der):
        return library.d2i_X509(None, ctypes.byref(ctypes.c_char_p(der)), ctypes.c_long(len(der)))

    def takes(certificate, host):
        address = packed(host)
        if address is not None:
            return library.X509_check_ip(certificate, address, len(address), 0) == 1
        return library.X509_check_host(certificate, host, len(host), 0, None) == 1

    return read, takes


def gnutls():
    library = ctypes.CDLL("libgnutls.so.30")

    class Datum(ctypes.Structure):
        _fields_ = (("data", ctypes.c_char_p), ("size", ctypes.c_uint))

    def read(der):
        certificate = POINTER()
        library.gnutls_x509_crt_init(ctypes.byref(certificate))
        datum = Datum(der, len(der))
        failed = library.gnutls_x509_crt_import(certificate, ctypes.byref(datum), 0)
        return None if failed else certificate

    def takes(certificate, host):
        return library.gnutls_x509_crt_check_hostname2(certificate, host, 0) != 0

    return read, takes


def nss():
    library = ctypes.CDLL("libnss3.so")
    library.NSS_NoDB_Init(None)

    class Item(ctypes.Structure):
        _fields_ = (("type", ctypes.c_int), ("data", ctypes.c_char_p), ("len", ctypes.c_uint))

    library.CERT_GetDefaultCertDB.restype = POINTER
    new = library.CERT_NewTempCertificate
    new.restype = POINTER
    new.argtypes = [POINTER, POINTER, ctypes.c_char_p, ctypes.c_int, ctypes.c_int]
    library.CERT_VerifyCertName.argtypes = [POINTER, ctypes.c_char_p]
    library.CERT_DestroyCertificate.argtypes = [POINTER]
    kept = []

    def read(der):
        for before in kept:  # it holds no two with one serial number
            library.CERT_DestroyCertificate(before)
        item = Item(0, der, len(der))
        found = new(library.CERT_GetDefaultCertDB(), ctypes.byref(item), None, 0, 1)
        kept[:] = [found] if found else []
        return found

    def takes(certificate, host):
        return library.CERT_VerifyCertName(certificate, host) == 0

    return read, takes


READ, TAKES = {"openssl": openssl, "gnutls": gnutls, "nss": nss}[sys.argv[2]]()
for number in range(len(list(FOLDER.glob("*.der")))):
    certificate = READ((FOLDER / f"{number}.der").read_bytes())
    print("".join("01"[TAKES(certificate, host)] if certificate else "x" for host in HOSTS))
