"""Signed HTTP requests without a client in between, to see what is really sent."""

import urllib.error
import urllib.parse
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from cloud import PRIMARY, endpoint


def send(method, path, body=b"", headers=None):
    """Status, headers and text of one request, whatever the status is."""
    request = urllib.request.Request(
        endpoint() + path, data=body or None, method=method, headers=headers or {}
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def signed(account, service, method, path, body=b"", headers=None, region=PRIMARY):
    request = AWSRequest(method=method, url=endpoint() + path, data=body, headers=headers or {})
    SigV4Auth(Credentials(account.id, "unused"), service, region).add_auth(request)
    return send(method, path, body, dict(request.headers.items()))


def post(account, service, form):
    """A call of the query protocol (IAM, STS, SNS)."""
    body = urllib.parse.urlencode(form).encode()
    return signed(account, service, "POST", "/", body, {"content-type": "application/x-www-form-urlencoded"})
