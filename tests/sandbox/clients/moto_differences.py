"""Where sandbox and moto differ (step and path, as regular expressions), and which fact about AWS says so."""

# The path of a difference in which one of the two refused the call.
REFUSED = "outcome"

VAULTS = [
    (
        "vault: (describe|lock) a missing one",
        "error|status",
        "AWS Backup says AccessDenied, 403, of a missing vault, even to an administrator (often seen).",
    ),
    (
        "(vault|lock): .*",
        r"(BackupVaultList\[0\]\.)?(VaultType|VaultState|EncryptionKeyType)",
        "The model gives every vault a type, a state and a kind of key, in the list and in describe.",
    ),
    (
        "(vault|lock): .*",
        "NumberOfRecoveryPoints",
        "Describe tells the number of recovery points; moto only has it in the list.",
    ),
    (
        "lock: too many days",
        REFUSED,
        "ChangeableForDays is 3 to 36500; anything else is an error.",
    ),
]

PLANS = [
    (
        "plan: get",
        r"BackupPlan\.AdvancedBackupSettings.*",
        "GetBackupPlan has the advanced settings at its top; inside the document they are always null.",
    ),
    (
        "plan: get",
        r"BackupPlan\.Rules\[0\]\.EnableContinuousBackup",
        "A rule comes back with EnableContinuousBackup false when it was left out.",
    ),
    (
        "plan: get",
        r"BackupPlan\.Rules\[0\]\.Lifecycle\.OptInToArchiveForSupportedResources",
        "A lifecycle comes back with the archive opt-in although nobody set it.",
    ),
    (
        "plan: same name, other rules",
        REFUSED,
        "Names of plans are not unique: only an identical document already exists.",
    ),
    (
        "plan: a bad start window",
        REFUSED,
        "A start window is at least 60 minutes.",
    ),
]

KEYS = [
    (
        ".*",
        r"KeyMetadata\.(KeyUsage|MultiRegion)",
        "The model: every key has a usage, by default ENCRYPT_DECRYPT, and is of one Region or of many.",
    ),
    (
        "key: default policy",
        "PolicyName",
        "A key's one policy is named default, and the answer says so.",
    ),
    (
        "key: put nonsense",
        REFUSED,
        "A key policy that is none is a MalformedPolicyDocumentException.",
    ),
    (
        "(rotation|pending|rescued): .*|key: schedule deletion",
        "KeyId",
        "The model: rotation status, scheduling and cancelling deletion answer with the ARN of the key.",
    ),
    (
        "key: schedule deletion",
        "KeyState|PendingWindowInDays",
        "The model: the answer has the new state and the waiting time.",
    ),
    (
        "(rotation: |rescued: rotation )status",
        "RotationPeriodInDays|NextRotationDate",
        "The status of a rotating key has its period and the next date.",
    ),
    (
        "alias: create a reserved one",
        REFUSED,
        "Customers cannot give names under alias/aws/.",
    ),
    (
        "alias: list of the key",
        r"Aliases\[0\]\.(CreationDate|LastUpdatedDate)",
        "The model dates each alias.",
    ),
    (
        "disabled: enable rotation",
        REFUSED,
        "Key state table: EnableKeyRotation on a disabled key is a DisabledException.",
    ),
    (
        "disabled: cancel deletion",
        REFUSED,
        "Key state table: only a key that is pending deletion can be rescued.",
    ),
    (
        "key: schedule deletion too soon",
        REFUSED,
        "The waiting time is 7 to 30 days.",
    ),
    (
        "pending: (enable|enable rotation|tag|create alias)",
        REFUSED,
        "Key state table: KMSInvalidStateException while deletion is pending.",
    ),
    (
        "pending: rotation status",
        "KeyRotationEnabled",
        "Key state table: a key that is pending deletion reads as not rotating.",
    ),
    (
        "rescued: describe",
        r"KeyMetadata\.Enabled",
        "A rescued key is disabled; moto says Disabled and Enabled at once.",
    ),
]

ROLES_AND_MESSAGES = [
    (
        "role: create with nonsense",
        REFUSED,
        "A trust policy that is none is a MalformedPolicyDocument.",
    ),
    (
        "role: get in capitals",
        REFUSED,
        "Names of roles are unique, and found, without regard to case.",
    ),
    (
        "boundary: get",
        r"Role\.PermissionsBoundary\.PermissionsBoundaryType",
        "The model's text: the type can only be Policy.",
    ),
    (
        "caller",
        "Arn",
        "Each emulator invents its caller; only the account means something.",
    ),
    (
        "publish: (json without default|no json)",
        REFUSED,
        "A structured message is a JSON object with a default text, or an InvalidParameter.",
    ),
    (
        "publish: empty",
        REFUSED,
        "An empty message is refused.",
    ),
    (
        "publish: subject of two lines",
        REFUSED,
        "A subject has no line breaks.",
    ),
    (
        "publish: attribute without value",
        "error",
        "The model's InvalidParameterValueException is ParameterValueInvalid on the wire.",
    ),
]

DIFFERENCES = [*VAULTS, *PLANS, *KEYS, *ROLES_AND_MESSAGES]
