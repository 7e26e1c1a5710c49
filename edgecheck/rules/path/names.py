"""The rule about name constraints."""

from edgecheck.behaviour.constraints import forbidding, heeding, versions_of_go
from edgecheck.behaviour.refusers import GO, Refuser, all_but
from edgecheck.hierarchy.rfc5280.constraints import COMMON_NAME, SUBJECT, Breach, Outcome
from edgecheck.hierarchy.rfc5280.violations import ConstraintViolation, Kind
from edgecheck.hierarchy.roles import Role
from edgecheck.reading.certificate import EXT_NAME_CONSTRAINTS
from edgecheck.reading.name_constraints import Form, Subtree, name_constraints
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, Act, Over, Violation, rule, severity_for
from edgecheck.rules.lines import name_constraints_line, name_words, subtree_words
from edgecheck.rules.places import is_root
from edgecheck.rules.references import edge, measured, rfc

_SHOWN = 5
"""Names or subtrees in a message."""


@rule(
    "path.name-constraints",
    title="A certificate has a name that a CA above it may not issue for",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.NAME_CONSTRAINTS],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.10"),
        edge("edgelet/edgelet-http-workload/src/module/cert/server.rs", "1.4.0"),
        measured(
            "constraints without edgehub: Python, Node, OpenSSL, Go, Java, GnuTLS and cryptography "
            "refuse the chain"
        ),
        measured(
            "a name that is excluded: 37 of 38 clients refuse it, all but wolfSSL; by a root: all "
            "of tier 1 but Java"
        ),
    ],
)
def name_constraints_violated(violated: ConstraintViolation, case: Case) -> Violation | None:
    """A CA's nameConstraints say for which names certificates below it may be.

    A form of name that has permitted subtrees is confined to them; what is excluded is
    forbidden whatever is permitted. A subtree `plant7.example` holds the name itself and all
    below it. Clients refuse the whole chain: "permitted subtree violation" (OpenSSL, error
    47), "excluded subtree violation" (48), "not authorized to sign for this name" (Go), "name
    constraints check failed" (Java). Section 6.1 leaves open whether a trusted root's own
    constraints count, and does not take a common name for a DNS name; most clients go further
    in both, and so does this rule.

    For IoT Edge this has a catch: the runtime always adds the name of the module, `edgehub`
    or `edgeHub`, to the gateway's own in the server certificate. Constraints that permit the
    gateway's domain alone break every client, as nothing but a DNS name `edgehub` in the
    permitted subtrees allows it. The letter case does not matter.

    Remedy:
    Have the CA reissued with constraints that permit the names, or the certificate with names
    that are permitted. The names that the runtime adds cannot be left out, so a CA for
    gateways needs, beside its own domain:

        nameConstraints = critical,permitted;DNS:plant7.example,permitted;DNS:edgehub
    """
    breach = violated.breach
    by = breach.by
    assert by is not None  # it is what tells the subtrees' origin
    found = _breaches(case)
    mine = [each for each in found if (each.certificate, each.by) == (breach.certificate, by)]
    if mine[0] is not breach:
        return None
    same = [each for each in mine if (each.outcome, each.form) == (breach.outcome, breach.form)]
    more = f", and {len(mine) - len(same)} more names" if len(mine) > len(same) else ""
    added = [each.name for each in mine if _is_the_modules(each, case)]
    note = f"; IoT Edge always adds {safe(added[0])}" if added else ""
    above = next((each for each in found if _is_one_fault(each, breach)), breach)
    refusers = _refusers(mine, case)
    return Violation(
        f"{case.named(breach.certificate)} has {_names(same)}, which {_refused(breach, case)}"
        f"{more}{note}",
        wanted=[f"{_outcome(each)} {_shown(each.subtrees)}" for each in mine],
        found=[f"{each.form} {safe(each.name)} ({each.where})" for each in mine],
        certificates=(breach.certificate, by),
        changes=by,
        remedy=_remedy(mine, bool(added), case),
        because_of=("path.name-constraints", above.certificate) if above is not breach else None,
        evidence={"step": violated.step, "counts": violated.counts},
        severity=None if violated.counts else severity_for(refusers),
        refused_by=refusers,
    )


def _refusers(breaches: list[Breach], case: Case) -> frozenset[Refuser]:
    """Who applies the constraints, or refuses them because it cannot."""
    breach = breaches[0]
    by = breach.by
    assert by is not None
    accepting = set()
    if case.issuer(breach.certificate) is not by:
        accepting.add(Refuser.WOLFSSL)  # it looks at the constraints of the direct issuer
    if EXT_NAME_CONSTRAINTS not in by.critical:
        accepting |= {Refuser.MBEDTLS, Refuser.BEARSSL}
    if is_root(by, case):
        accepting |= {Refuser.JAVA, Refuser.BEARSSL}
    if all(each.form is Form.EMAIL and each.where == SUBJECT for each in breaches):
        accepting.add(Refuser.CRYPTOGRAPHY)  # it looks among alternative names alone
    if all(each.where == COMMON_NAME for each in breaches):
        accepting.add(Refuser.CRYPTOGRAPHY)
    is_leaf = breach.certificate is case.hierarchy.server
    found, unread = forbidding((), breach.certificate, by, is_leaf, None)
    asked = found | unread.keys()
    refusing = versions_of_go(asked)
    return all_but(*accepting, *heeding() - asked, Refuser.GO) | refusing & GO


def _breaches(case: Case) -> list[Breach]:
    path = case.hierarchy.path
    violations = path.violations if path is not None else ()
    return [v.breach for v in violations if isinstance(v, ConstraintViolation)]


def _is_one_fault(above: Breach, breach: Breach) -> bool:
    """Whether a certificate above has the same with the same subtrees, as heirs of a name do."""
    return (above.by, above.form, above.outcome) == (breach.by, breach.form, breach.outcome) and (
        above.subtrees == breach.subtrees and above.form is Form.DIRECTORY
    )


def _is_the_modules(breach: Breach, case: Case) -> bool:
    """Whether it is the name of the module edgeHub, which the runtime writes by itself."""
    is_server = case.role(breach.certificate) is Role.SERVER
    return is_server and breach.form is Form.DNS and breach.name.lower() in ("edgehub", "$edgehub")


def _names(breaches: list[Breach]) -> str:
    """`the dNSName edgehub`, or several; a common name by that word."""
    names = [safe(each.name, 120) for each in breaches[:_SHOWN]]
    if len(breaches) > _SHOWN:
        names.append(f"{len(breaches) - _SHOWN} more")
    form = "common name" if breaches[0].where == COMMON_NAME else breaches[0].form
    return f"the {form} {', '.join(names)}"


def _refused(breach: Breach, case: Case) -> str:
    by = case.named(breach.by) if breach.by is not None else "a CA"
    if breach.outcome is Outcome.EXCLUDED:
        return f"{by} excludes ({_shown(breach.subtrees)})"
    if breach.outcome is Outcome.NO_HOST:
        return f"has no host name that the constraints of {by} could permit"
    return f"{by} does not permit, but only {_shown(breach.subtrees)}"


def _outcome(breach: Breach) -> str:
    return "outside" if breach.outcome is Outcome.EXCLUDED else "within"


def _shown(subtrees: tuple[Subtree, ...]) -> str:
    texts = [safe(subtree.text, 120) or '""' for subtree in subtrees[:_SHOWN]]
    if len(subtrees) > _SHOWN:
        texts.append(f"{len(subtrees) - _SHOWN} more")
    return ", ".join(texts)


def _remedy(breaches: list[Breach], is_added: bool, case: Case) -> str | None:
    """With the line that the CA needs, where it fits into one; None: what the rule says."""
    by = breaches[0].by
    line = _line(breaches)
    if by is None or line is None:
        return None
    told = f"Have {case.named(by)} reissued "
    told += "with this OpenSSL extension line" if line else "without nameConstraints"
    if by is case.hierarchy.anchor:
        told += ", and install it in the trust of every client"
    told += f":\n\n    {line}" if line else "."
    instead = (
        "The runtime adds the module's name to every server certificate; it cannot be left out."
        if is_added
        else "Or have the certificate issued for names that are permitted."
    )
    return f"{told}\n\n{instead}"


def _line(breaches: list[Breach]) -> str | None:
    """The constraints that the CA has, changed so that they let the names pass.

    Empty where none is left; None where they do not fit into a line.
    """
    by = breaches[0].by
    if by is None:
        return None
    constraints = name_constraints(by.extensions[EXT_NAME_CONSTRAINTS])
    excluding = [s for each in breaches if each.outcome is Outcome.EXCLUDED for s in each.subtrees]
    parts = [("permitted", subtree_words(subtree)) for subtree in constraints.permitted]
    for breach in breaches:
        if breach.outcome is Outcome.NOT_PERMITTED:
            parts.append(("permitted", _permitting(breach)))
        elif breach.outcome is Outcome.NO_HOST:
            return None
    kept = (subtree for subtree in constraints.excluded if subtree not in excluding)
    parts += [("excluded", subtree_words(subtree)) for subtree in kept]
    return name_constraints_line(parts)


def _permitting(breach: Breach) -> str | None:
    if breach.form is Form.IP and "#" not in breach.name:
        every = "255.255.255.255" if "." in breach.name else ":".join(8 * ["ffff"])
        return f"IP:{breach.name}/{every}"
    name = breach.name.lower().removeprefix("*.")
    return name_words(breach.form, name) if breach.form in (Form.DNS, Form.EMAIL) else None
