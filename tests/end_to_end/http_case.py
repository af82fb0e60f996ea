"""A daemon with its server, and clients for it."""

import http.client
import json
import socket
import urllib.parse

from feed_case import FeedCase
from processes import SLOWNESS


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class EventStream:
    """Server-sent events, read as they come: dictionaries with id, event and data."""

    def __init__(self, address, last_event_id=None, headers=None, path="/api/v1/stream"):
        self.socket = socket.create_connection(address, timeout=30 * SLOWNESS)
        lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Accept: text/event-stream"]
        lines += [f"Last-Event-ID: {last_event_id}"] if last_event_id else []
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers = {}
        while (line := self.file.readline().strip()):
            name, _, value = line.decode().partition(": ")
            self.headers[name.lower()] = value

    def next(self):
        event = {}
        while True:
            line = self.file.readline()
            if not line:
                return None
            line = line.decode().rstrip("\n")
            if not line and event:
                return event
            name, _, value = line.partition(": ")
            if name in ("id", "event"):
                event[name] = value
            elif name == "data":
                event["data"] = json.loads(value)

    def until(self, condition, count=2000):
        """All events up to the first that the condition likes."""
        seen = []
        for _ in range(count):
            event = self.next()
            if event is None:
                raise AssertionError(f"the stream ended behind {seen[-3:]}")
            seen.append(event)
            if condition(event):
                return seen
        raise AssertionError(f"{count} events and none as wanted; the last were {seen[-3:]}")

    def close(self):
        self.file.close()
        self.socket.close()


class HttpCase(FeedCase):
    def serve(self, speed=120, history="3h", **server):
        exchange = self.exchange(speed=speed, history=history)
        config = self.config(exchange, training={"enabled": True, "minimum_candles": 100},
                             server={"enabled": True, "listen": "127.0.0.1:0", **server})
        daemon = self.daemon(config)
        url = urllib.parse.urlsplit(daemon.wait_log("http server listens")[0]["url"])
        self.address = (url.hostname, url.port)
        return exchange, daemon

    def get(self, path, headers=None, method="GET"):
        connection = http.client.HTTPConnection(*self.address, timeout=30 * SLOWNESS)
        try:
            connection.request(method, path, headers={"Host": "localhost", **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def stream(self, *arguments, **options):
        stream = EventStream(self.address, *arguments, **options)
        self.addCleanup(stream.close)
        return stream

    def metric(self, name):
        """The sum of a metric's samples."""
        values = [float(line.rsplit(" ", 1)[1]) for line in self.get("/metrics").body.decode().splitlines()
                  if line.split("{")[0].split(" ")[0] == name]
        return sum(values) if values else None
