"""Files and keys that a program cannot get at."""

from edgecheck.explaining.rows import rows, said
from edgecheck.rules.engine.rule import Reference

_SYSTEMS = Reference(
    "Linux: errno; Rust: std::io::Error prints `(os error 13)`",
    "https://man7.org/linux/man-pages/man3/errno.3.html",
)
_IDENTITY = Reference(
    "Azure/iot-identity-service 1.5, key/aziot-keyd and cert/aziot-certd",
    "https://github.com/Azure/iot-identity-service/tree/1.5.0",
)

ROWS = [
    *rows(
        _IDENTITY,
        [
            (
                r"key (?:not found|does not exist)|could not (?:load|find|get) (?:private )?key"
                r"|could not create key|private key (?:not found|could not be)"
                r"|unable to load (?:private )?key|No private key",
                said("symptom.key-not-usable"),
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
