"""The callers of .NET's SslStream.

What builds and judges a chain on Linux (OpenSslX509ChainProcessor.cs, CertificatePolicy.cs) is the
same at 8.0, 9.0 and 10.0; 11 judges policies in a new way (dotnet/runtime, pull request 132348).
Under Windows Schannel decides, of which nothing is predicted.
"""

from dataclasses import replace

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.record import DERIVED, Record

PLAIN = Record(
    id="dotnet8.0.4-SslStream",
    name=".NET",
    label=".NET 8",
    family=".NET",
    version="8.0.4 on Linux, OpenSSL 3.0.19",
    library=Library.DOTNET,
    tier=1,
    stands_for="the Azure SDK for .NET; edgeHub and modules in C#",
    kinds=(Refuser.DOTNET,),
    platform="Linux",
)
WITH_CALLBACK = Record(
    id="dotnet8.0.4-SslStream-cb",
    name=".NET, with a validation callback",
    label=".NET 8 with a callback",
    family=".NET",
    version="8.0.4 on Linux, OpenSSL 3.0.19",
    library=Library.DOTNET,
    tier=1,
    stands_for="applications in C# that look at the chain themselves",
    kinds=(Refuser.DOTNET,),
    platform="Linux",
)
NET_9 = replace(
    PLAIN,
    id="dotnet9.0-SslStream",
    label=".NET 9",
    version="9.0 on Linux, OpenSSL 3",
    basis=DERIVED,
)
NET_10 = replace(
    NET_9, id="dotnet10.0-SslStream", label=".NET 10", version="10.0 on Linux, OpenSSL 3"
)

RECORDS = (PLAIN, WITH_CALLBACK, NET_9, NET_10)
