"""The tags of keys, vaults and plans."""

TAGS = {
    "terraform": "true",
    "created_by": "ThinkStack",
    "environment": "prod",
    "priority": "critical",
    "aws_backup": "true",
}
