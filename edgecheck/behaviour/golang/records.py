"""Versions of Go, between which crypto/tls and crypto/x509 changed much."""

from dataclasses import replace

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.record import Record

V1_19, V1_24, V1_27 = (1, 19), (1, 24), (1, 27)

GO_1_27 = Record(
    id="go1.27.3",
    name="Go",
    label="Go 1.27",
    family="Go",
    version="1.27.3",
    library=Library.GO,
    tier=1,
    stands_for="modules and tools in Go; docker and other runtimes of containers",
    kinds=(Refuser.GO, Refuser.GO_1_24, Refuser.GO_1_27),
    settings=V1_27,
)
GO_1_24 = replace(
    GO_1_27,
    id="go1.24.4",
    label="Go 1.24",
    version="1.24.4",
    tier=2,
    kinds=(Refuser.GO, Refuser.GO_1_24),
    settings=V1_24,
)
GO_1_19 = Record(
    id="go1.19.8",
    name="Go",
    label="Go 1.19",
    family="Go",
    version="1.19.8",
    library=Library.GO,
    tier=2,
    stands_for="modules and tools in Go; docker and other runtimes of containers",
    kinds=(Refuser.GO, Refuser.GO_OLD, Refuser.GO_1_19),
    settings=V1_19,
)

RECORDS = (GO_1_19, GO_1_24, GO_1_27)
