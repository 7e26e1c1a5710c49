"""The public suffix list, from the package that the extra `web-pki` installs."""

from collections.abc import Callable
from functools import cache


@cache
def public_suffixes() -> Callable[[str], bool] | None:
    """Whether a domain is a public suffix (its ICANN part); None without the extra.

    The package carries the list; it is read once, and nothing is fetched.
    """
    try:
        from publicsuffixlist import PublicSuffixList
    except ImportError:
        return None
    known = PublicSuffixList(only_icann=True)

    def is_public_suffix(domain: str) -> bool:
        return bool(known.is_public(domain.lower()))

    return is_public_suffix
