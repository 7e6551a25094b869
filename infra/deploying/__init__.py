"""The rooms of infra/deploy. Nothing in them needs more than Python 3.11 and the AWS CLI."""


class Refused(Exception):
    """What happened, to what, and what to do next."""
