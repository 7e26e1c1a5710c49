"""The callers of Java's JSSE."""

from dataclasses import replace

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.record import Record

V17, V21 = 17, 21
"""Between which the certificate path validator changed; 25 decides and speaks like 21."""

JAVA_17 = Record(
    id="java17-jsse",
    name="Java",
    label="Java 17",
    family="Java",
    version="17.0.15, JSSE",
    library=Library.JSSE,
    tier=1,
    stands_for="the Azure SDK for Java, and other devices and modules in Java",
    kinds=(Refuser.JAVA,),
    settings=V17,
)
JAVA_21 = replace(
    JAVA_17,
    id="java21-jsse",
    label="Java 21",
    version="21, JSSE",
    kinds=(Refuser.JAVA, Refuser.JAVA_21),
    settings=V21,
)
JAVA_25 = replace(JAVA_21, id="java25-jsse", label="Java 25", version="25, JSSE")

RECORDS = (JAVA_17, JAVA_21, JAVA_25)
"""Clients in Java: JSSE and its certificate path validator."""
