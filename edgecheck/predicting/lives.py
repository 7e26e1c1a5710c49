"""How long what the runtime makes lives, where its issuer does not end before.

Source: `iotedged/src/lib.rs` at 1.1.15; `cert/aziot-certd/src/lib.rs`, which takes 30 days whatever
is asked for.
"""

DAY = 86_400
SERVER_DAYS_1_1, SERVER_DAYS = 90, 30
"""Of a server certificate up to 1.1, and later."""
QUICKSTART_DAYS = 90
"""Of a CA that the runtime makes for itself, unless it is configured."""
