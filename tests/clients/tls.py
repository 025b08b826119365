"""redis-py over TLS: commands, a pipeline, a transaction, large values, messages, and what is refused.

Arguments: port, folder with ca.crt, known.crt, known.key.
"""

import ssl
import sys

import redis

port, folder = int(sys.argv[1]), sys.argv[2]
trust = {
    "host": "localhost",
    "port": port,
    "ssl": True,
    "ssl_ca_certs": f"{folder}/ca.crt",
}
known = {"ssl_certfile": f"{folder}/known.crt", "ssl_keyfile": f"{folder}/known.key"}

for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
    for protocol in (2, 3):
        client = redis.Redis(**trust, **known, protocol=protocol, ssl_min_version=version)
        assert client.ping()
        large = bytes(range(256)) * 20_000
        client.set("large", large)
        assert client.get("large") == large
        with client.pipeline(transaction=False) as pipeline:
            for number in range(2000):
                pipeline.incr("counter")
            answers = pipeline.execute()
        assert answers == list(range(answers[0], answers[0] + 2000))
        with client.pipeline(transaction=True) as pipeline:
            assert pipeline.set("a", 1).get("a").execute() == [True, b"1"]
        messages = client.pubsub()
        messages.subscribe("channel")
        assert messages.get_message(timeout=5)["type"] == "subscribe"
        assert client.publish("channel", "hello") == 1
        assert messages.get_message(timeout=5)["data"] == b"hello"
        messages.close()
        client.close()

stranger = redis.Redis(**trust, retry=None)
try:
    stranger.ping()
except redis.ConnectionError as refusal:
    print(f"without a certificate: {refusal}")
else:
    sys.exit("a client without a certificate came in")
