"""A process of the built function behind the Lambda Runtime API, invoked as `cargo lambda watch` is."""

import json
import os
import queue
import subprocess
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATH = "/2015-03-31/functions/drift-healer/invocations"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:drift-healer"
LONGEST = 300


class InvocationFailed(Exception):
    """The function answered with an error."""


def invoke(url, event):
    """Sends an event to a function; its answer."""
    request = urllib.request.Request(url + PATH, data=json.dumps(event).encode(), method="POST")
    try:
        with urllib.request.urlopen(request, timeout=LONGEST) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise InvocationFailed(error.read().decode()) from error


class Function:
    """The process, and the server between it and who invokes it."""

    def __init__(self, binary, environment, log):
        self.events, self.answers = queue.Queue(), queue.Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        address = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{address}"
        lambdas = {
            "AWS_LAMBDA_RUNTIME_API": address,
            "AWS_LAMBDA_FUNCTION_NAME": "drift-healer",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            "AWS_REGION": "us-east-1",
        }
        # Nothing of a developer's environment, least of all real credentials, reaches the function.
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self._process = subprocess.Popen(
            [binary], env=kept | lambdas | environment, stdout=log, stderr=subprocess.STDOUT
        )

    def stop(self):
        self._process.terminate()
        self._process.wait()
        self._server.shutdown()


def _handler(function):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            assert self.path.endswith("/invocation/next"), self.path
            headers = {
                "lambda-runtime-aws-request-id": "3f1c6f64-0000-4000-8000-000000000002",
                "lambda-runtime-deadline-ms": str(int((time.time() + LONGEST) * 1000)),
                "lambda-runtime-invoked-function-arn": ARN,
            }
            self._answer(200, function.events.get(), headers)

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            if self.path == PATH:
                function.events.put(body)
                self._answer(*function.answers.get(timeout=LONGEST))
            else:
                function.answers.put((200 if self.path.endswith("/response") else 500, body))
                self._answer(202, b"")

        def _answer(self, status, body, headers=None):
            self.send_response(status)
            for name, value in {"content-type": "application/json", **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Says nothing."""

    return Handler
