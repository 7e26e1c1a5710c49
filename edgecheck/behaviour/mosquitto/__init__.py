"""mosquitto_pub of today, and with it libmosquitto."""
