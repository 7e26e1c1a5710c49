"""What is no rule's business: what people see where no certificate is to be judged, or not by us.

A symptom has a page like a rule (`docs/symptoms/`): what it means, who says so, what to look at
on which side, on Linux, on Windows and in containers. They are told in `symptoms_of_connections`,
`symptoms_of_machines` and `alerts`.
"""

from collections.abc import Mapping

from edgecheck.behaviour.alerts import ALERTS
from edgecheck.explaining import symptoms_of_connections, symptoms_of_machines
from edgecheck.explaining.alerts import ALERT_REFERENCE, about
from edgecheck.explaining.symptom import CAPTURE, GATEWAY, Symptom

__all__ = ["CAPTURE", "GATEWAY", "SYMPTOMS", "Symptom"]

SYMPTOMS: Mapping[str, Symptom] = {
    symptom.id: symptom
    for symptom in (
        *symptoms_of_connections.SYMPTOMS,
        *symptoms_of_machines.SYMPTOMS,
        *(
            Symptom(f"symptom.alert-{name.replace('_', '-')}", *about(name), (ALERT_REFERENCE,))
            for name in ALERTS.values()
            if name != "close_notify"
        ),
    )
}
