"""All rules, imported at once: what `index.py` is made of, and tests look into."""

from edgecheck.rules import ca, client, identity, runtime
from edgecheck.rules.algorithm import every as algorithm
from edgecheck.rules.chain import every as chain
from edgecheck.rules.configuration import every as configuration
from edgecheck.rules.device import every as device
from edgecheck.rules.edge import every as edge
from edgecheck.rules.encoding import every as encoding
from edgecheck.rules.engine.ruleset import RuleSet
from edgecheck.rules.extension import every as extension
from edgecheck.rules.hostname import every as hostname
from edgecheck.rules.input import every as input
from edgecheck.rules.naming import every as naming
from edgecheck.rules.path import every as path
from edgecheck.rules.trust import every as trust
from edgecheck.rules.validity import every as validity

EVERY = RuleSet.of(
    input,
    naming,
    ca,
    hostname,
    validity,
    runtime,
    edge,
    chain,
    trust,
    path,
    extension,
    algorithm,
    encoding,
    configuration,
    identity,
    device,
    client,
)
