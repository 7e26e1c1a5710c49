"""Words that tell nothing about anybody, and those that edgecheck's own texts are made of."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from edgecheck import settings
from edgecheck.behaviour.records import RECORDS
from edgecheck.behaviour.refusers import in_words
from edgecheck.device import Device
from edgecheck.reading.extensions import KEY_USAGE_NAMES
from edgecheck.reading.names import SHORT
from edgecheck.rules import BUILT_IN
from edgecheck.rules.for_devices import FOR_DEVICES
from edgecheck.rules.input.obstacles import SAID
from edgecheck.rules.symptoms import SYMPTOMS

WORD = re.compile(r"[^\W_]+")
"""Letters and digits: what is replaced. All other signs stay as they are."""

_RESERVED = """
aziot edge edgeagent edgehub hub hubs iot iotedge iotedged iotedgehub iotedgehubdev workload
azure devices provisioning microsoft azureiotcentral servicebus windows chinacloudapi
usgovcloudapi eventgrid core azurecr azurewebsites vault management microsoftonline amazonaws
googleapis amazon baltimore cybertrust digicert globalsign google
authority ca cas cert certificate certificates certs client demo device intermediate issuer
issuing leaf only owner pki private public quickstart root self server signed ssl start test
tests testing tls
arpa com example home internal invalid lan local localdomain localhost net onion org xn
aziotcs aziotid aziotks aziottpm certd identityd keyd tpmd
bundle cacerts cer chain conf config cps crl crls crt csr d der etc file fullchain hsm jks json
key keys lib log mnt opt p12 p7b p7c p7s pem pfx pkcs pkcs11 pkcs12 pkcs7 secrets share srv
super tmp toml trust trusted txt usr users uri url var yaml yml zip
http https ldap ldaps object ocsp pin token type value
connection device dps ec ecc ed25519 ed448 enabled disabled est external manual none rsa sas
string symmetric tpm x509 certificateauthority selfsigned true false unknown
"""
RESERVED = frozenset(_RESERVED.split())
"""Words that stay inside names too: the runtime's, and those of tools for tests, of public
services, of certificates in general, of reserved domains, of files and of settings."""

ATTRIBUTES = frozenset(SHORT.values())
"""What stands before `=` in a name."""

_MORE = """
a above abroad absent according account added again age ago all along alone also although always
am an and another answered answers any anybody anyone anything are as asked asks assumed at away
b bad based be because been before began begin behind being below beside best between beyond bits
both bound bytes c called came can cannot carry cases catch changed characters check checked checks
class clock close closed code column come comes command configured connected connections content
contents copy could counted cut dated day days decided decides delete described did differ differs
different do does done down e each earlier either else empty end ended ends entry error errors even
every everybody everything exactly expected expires expiry explain f fails few fewer find first five
fixed follow followed following follows for form found four from full further g gave given gives go
goes gone good group h had half handshake has have having held help her here hides him his hold
holds hour hours how however i if in info inside instead into is it its itself j just k keeps
kept kind knows l later least leaves left less lets like line lines list listed little long longer
look looks made
make makes many may me means minute minutes missing mode module moment month months more most much
must n named names near needs neither never new next no nobody nor not note notes nothing now number
numbers o octets of off often old on once one ones open opened or order organization
organizational other others otherwise our out outside over own p page pages part parts passed
path paths per perhaps place places plain
possible predicted predicts present presented presents prints probably q r rather read reads reason
refused refuses rejected remain repeat rest right row rule rules run runs s said same says second
seconds see seen send sends sent serial set seven several shall short should shown side since six
size so some somebody something soon spoken stand stands still stop stopped subject such t taken
takes tell tells ten than that the their them then there these they thing things this those though
three through time times to together told too took tried true false try turn twice two u under
undecided until up upon usable used uses usual v valid verdict version versions very w want
wanted wants warning warnings was way we well went were what whatever when where whether which while
who whole whom whose why will with within without word words would writes
written wrong x y year years yes yet you your z zero
apr aug bio bmpstring crlf dec directoryname emailprotection errno feb handles ipaddrblocks
jan jul jun le mar may missed nov oct october rsassapss sep september sequence
sha1withrsaencryption sha224 sha224withrsaencryption sha256withrsaencryption
sha384withrsaencryption sha512withrsaencryption md5withrsaencryption sock2 spells summer syntax
tag tagged target universal unreadable unspecified unused june july addr browser ex js null cache
crypto calling defines lookup received ssl3 utf chainelements ids remotecertificatechainerrors
remotecertificatenamemismatch
"""
"""What stands in messages beside the words of rules' pages."""
NUMBER = re.compile(r"\d+(?:t\d+)?z?|0x[0-9a-f]{1,4}")
"""Numbers and times, in lower case."""


def words(text: str) -> Iterator[str]:
    """The words of a text, in lower case."""
    return (found[0].lower() for found in WORD.finditer(text))


@cache
def vocabulary() -> frozenset[str]:
    """Words that edgecheck's own sentences have: outside of names they say nothing of anybody."""
    known = set(RESERVED).union(_MORE.split())
    for text in _texts():
        known.update(words(_EXAMPLE.sub(" ", text)))
    return frozenset(known - _EXAMPLES)


_EXAMPLE = re.compile(r"\S*\w[./@]\w\S*")
"""Paths, host names and the like, which texts give as examples."""
_EXAMPLES = frozenset(("contoso", "fabrikam", "iotedgegw", "gw"))
"""Names in examples, which somebody may have taken for his own."""


def _texts() -> Iterable[str]:
    for rule in BUILT_IN:
        yield from (rule.id, rule.title, rule.explanation, rule.remedy)
        yield from (reference.text for reference in rule.references)
        yield in_words(list(rule.refused_by))
    for words_of in FOR_DEVICES.values():
        yield from words_of
    for record in RECORDS:
        yield from (record.id, record.name, record.label, record.family, record.version)
        yield record.stands_for
    for told in SYMPTOMS.values():
        yield from told
    yield from SAID.values()
    for table in vars(settings).values():
        yield from getattr(table, "__annotations__", ())
    yield from Device.__annotations__
    yield from KEY_USAGE_NAMES.values()
    yield from ATTRIBUTES


PUBLIC_OIDS = (
    "0.9.2342.19200300.100.",
    "1.2.840.10045.",
    "1.2.840.10046.",
    "1.2.840.113549.",
    "1.3.101.",
    "1.3.132.",
    "1.3.14.3.",
    "1.3.36.3.",
    "1.3.6.1.4.1.11129.2.",
    "1.3.6.1.4.1.311.",
    "1.3.6.1.5.",
    "2.16.840.1.101.",
    "2.16.840.1.113730.",
    "2.23.140.",
    "2.5.",
    "2.999.",
)
"""Where identifiers are registered that everybody uses. Others tell whose they are."""
