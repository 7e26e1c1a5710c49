"""Files and keys that a program cannot get at."""

from edgecheck.explaining.rows import rows, said
from edgecheck.rules.engine.rule import Reference

_SYSTEMS = Reference(
    "Linux: errno; Rust: std::io::Error prints `(os error 13)`",
    "https://man7.org/linux/man-pages/man3/errno.3.html",
)
_STORE = Reference(
    ".NET 8, src/libraries/System.Security.Cryptography/src/Resources/Strings.resx: "
    "Cryptography_X509_StoreAddFailure",
    "https://github.com/dotnet/runtime/blob/v8.0.0/src/libraries/System.Security.Cryptography/src/"
    "Resources/Strings.resx",
)

ROWS = [
    *rows(
        _STORE,
        [
            (
                r"certificate could not be added to the store",
                said("symptom.file-not-readable", certain=False),
            ),
        ],
    ),
    *rows(
        _SYSTEMS,
        [
            (
                r"Permission denied|\(os error 13\)|\bEACCES\b|Access is denied"
                r"|Access to the path .{0,200} is denied|UnauthorizedAccessException",
                said("symptom.file-not-readable"),
            ),
            (
                r"No such file or directory|\(os error 2\)|\bENOENT\b|FileNotFoundException"
                r"|cannot find the (?:file|path) specified|Could not find file",
                said("symptom.file-not-found"),
            ),
        ],
    ),
]
