"""The callers of .NET's SslStream."""

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.record import Record

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

RECORDS = (PLAIN, WITH_CALLBACK)
