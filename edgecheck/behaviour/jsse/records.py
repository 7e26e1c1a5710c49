"""The caller of Java's JSSE."""

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.record import Record

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
)

RECORDS = (JAVA_17,)
