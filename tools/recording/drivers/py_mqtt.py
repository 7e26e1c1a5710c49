"""paho-mqtt, or the Azure IoT device SDK for Python. Arguments: the list of cases, and which."""

import json
import os
import sys
import threading
import time
from base64 import b64encode
from pathlib import Path

import paho.mqtt.client as mqtt


def paho(host, port, trust):
    client = mqtt.Client()
    client.tls_set(ca_certs=trust)
    connected = threading.Event()
    client.on_connect = lambda *_: connected.set()
    client.connect(host, port, 10)
    until = time.monotonic() + 8
    while not connected.is_set() and time.monotonic() < until:
        client.loop(0.2)
    if not connected.is_set():
        raise TimeoutError("no CONNACK")
    client.disconnect()


CONNECT = mqtt.Client.connect


def azure(host, port, trust):
    from azure.iot.device import IoTHubDeviceClient

    def connect(self, host, port=0, keepalive=60, **others):
        # The SDK knows only port 8883.
        return CONNECT(self, host=host, port=port_of_case, keepalive=keepalive, **others)

    port_of_case = port
    mqtt.Client.connect = connect
    secret = b64encode(b"not a secret").decode()
    with Path(trust).open() as file:
        client = IoTHubDeviceClient.create_from_connection_string(
            f"HostName=hub.example;DeviceId=leaf;SharedAccessKey={secret};GatewayHostName={host}",
            server_verification_cert=file.read(),
            connection_retry=False,
        )
    try:
        client.connect()
    finally:
        client.shutdown()


def told(error):
    says = ""
    while error is not None:
        kind = type(error)
        says += f"{' <- ' if says else ''}{kind.__module__}.{kind.__name__}: {error}"
        error = error.__cause__
    return says


def main():
    file, which = sys.argv[1:]
    run = paho if which == "paho" else azure
    with Path(file).open() as lines:
        for line in lines:
            name, host, port, trust = line.split("\t")[:4]
            verdict, says = "accept", ""
            try:
                run(host, int(port), trust)
            except Exception as error:
                verdict, says = "reject", told(error)
            print(json.dumps({"id": name, "verdict": verdict, "says": says}), flush=True)
    os._exit(0)  # threads of the SDK may still wait


main()
