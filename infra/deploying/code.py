"""The function's code: builds it, packs it, looks into it, and puts it where Lambda takes it from."""

import base64
import hashlib
import os
import shutil
import subprocess
import tempfile
import zipfile
import zlib
from pathlib import Path

from deploying import Refused
from deploying.aws import Failed, aws
from deploying.spec import ROOT, shown

TARGETS = {"arm64": "--arm64", "x86_64": "--x86-64"}
# By ELF's numbers (e_machine).
MACHINES = {"arm64": 183, "x86_64": 62}
# No time of a build gets into the zip: the same binary is the same zip.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
TOOLS = "cargo comes with Rust (https://rustup.rs), cargo-lambda with `pip install cargo-lambda` or `cargo install cargo-lambda`"


def check_cargo():
    if not shutil.which("cargo"):
        raise Refused(f"cargo is not installed, or not on the PATH. {TOOLS}. Or deploy what was built elsewhere with --zip")


def build_command(architecture):
    return ["cargo", "lambda", "build", "--release", TARGETS[architecture], "--output-format", "zip", "--package", "drift-healer", "--no-default-features"]


def build(architecture, spec_file):
    """Builds the function and packs it so that the same source gives the same bytes."""
    command = build_command(architecture)
    print("building:", " ".join(command), flush=True)
    # The build stands in the workspace's root; whoever set these may stand elsewhere.
    target = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").absolute()
    absolute = {"CARGO_TARGET_DIR": str(target)} | ({"DESIRED_SPEC": str(spec_file)} if os.environ.get("DESIRED_SPEC") else {})
    if subprocess.run(command, cwd=ROOT, env={**os.environ, **absolute}).returncode != 0:
        raise Refused(f"the build failed; its own message is above. {TOOLS}")
    packed = target / "lambda" / "drift-healer.zip"
    pack(binary_of(target / "lambda" / "drift-healer" / "bootstrap.zip"), packed)
    check_program(packed, architecture)
    check_embeds(packed, spec_file)
    return packed


def pack(binary, path):
    entry = zipfile.ZipInfo("bootstrap", ZIP_DATE)
    entry.create_system, entry.external_attr, entry.compress_type = 3, 0o100755 << 16, zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(entry, binary, compresslevel=9)


def binary_of(path):
    try:
        with zipfile.ZipFile(path) as packed:
            return packed.read("bootstrap")
    except KeyError:
        raise Refused(f"{path} holds no file `bootstrap`; it is no zip for provided.al2023") from None
    except OSError as error:
        raise Refused(f"the zip {path} cannot be read: {error.strerror}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise Refused(f"{path} is no zip that Lambda would take: {error}") from error


def holds_only_the_program(path):
    with zipfile.ZipFile(path) as packed:
        return packed.namelist() == ["bootstrap"]


def check_program(path, architecture):
    """What Lambda would take without a word, and could not start."""
    binary = binary_of(path)
    if binary[:4] != b"\x7fELF":
        raise Refused(f"the `bootstrap` in {path} is no Linux program; build it again (without --zip this script does)")
    machine = int.from_bytes(binary[18:20], "little")
    if machine != MACHINES[architecture]:
        found = next((name for name, number in MACHINES.items() if number == machine), f"another machine ({machine})")
        raise Refused(f"the `bootstrap` in {path} is for {found}, and the function is for {architecture}; see --parameter Architecture")


def check_embeds(path, spec_file):
    """The rights are given for one spec; code that wants another would be denied its repairs, or have rights for nothing."""
    # The function embeds the text as it stands (include_str! in functions/drift-healer/src/lib.rs).
    if spec_file.read_bytes() not in binary_of(path):
        raise Refused(
            f"{path} embeds another spec than {shown(spec_file)}, which the rights would be given for; "
            "build it again (without --zip this script does), or name its spec by DESIRED_SPEC"
        )


def code_key(path):
    """CloudFormation does not notice another object under the same key, so the key is the content."""
    return f"drift-healer/{hashlib.sha256(binary_of(path)).hexdigest()}.zip"


def sha256_of(path):
    """As Lambda tells the digest of a function's code."""
    return base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()


def upload(path, bucket, key, region, account):
    """Puts the zip where Lambda takes it from; its version there, and Lambda's digest of it. What lies there already is compared first."""
    # Anybody can guess the name and be there first, with a policy that lets this account in.
    mine = ["--bucket", bucket, "--expected-bucket-owner", account]
    if not was_there(bucket, region, mine):
        block = "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
        aws(region, "s3api", "put-public-access-block", *mine, "--public-access-block-configuration", block)
        print(f"made the bucket {bucket}")
    # A version stays what it is, whoever writes under the key later.
    if aws(region, "s3api", "get-bucket-versioning", *mine).get("Status") != "Enabled":
        aws(region, "s3api", "put-bucket-versioning", *mine, "--versioning-configuration", "Status=Enabled")
    found = aws(region, "s3api", "head-object", *mine, "--key", key, missing=("(404)", "Not Found"))
    if found is None:
        found = aws(region, "s3api", "put-object", *mine, "--key", key, "--body", str(path))
        print(f"uploaded s3://{bucket}/{key}")
        return version_of(found), sha256_of(path)
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder) / "code.zip"
        version = ["--version-id", found["VersionId"]] if version_of(found) else []
        aws(region, "s3api", "get-object", *mine, "--key", key, *version, str(there))
        if code_key(there) != key or not holds_only_the_program(there):
            raise Refused(f"s3://{bucket}/{key} is not what its key says; delete the object, then deploy again. Who wrote it?")
        print(f"unchanged s3://{bucket}/{key}")
        return version_of(found), sha256_of(there)


def version_of(found):
    """Of what was there before its bucket had versions, S3 says "null"."""
    version = found.get("VersionId")
    return "" if version in (None, "null") else version


def was_there(bucket, region, mine):
    """Whether the bucket was there already, where Lambda can take code from it. Makes it if it was not."""
    try:
        found = aws(region, "s3api", "get-bucket-location", *mine, missing=("NoSuchBucket", "Not Found"))
        if found is None:
            place = [] if region == "us-east-1" else ["--create-bucket-configuration", f"LocationConstraint={region}"]
            aws(region, "s3api", "create-bucket", "--bucket", bucket, *place)
            return False
    except Failed as failed:
        if any(code in failed.error for code in ("AccessDenied", "(403)", "BucketAlreadyExists")):
            raise Refused(
                f"the bucket {bucket} belongs to somebody else (its name can be guessed), or these credentials may not look at it: "
                f"{failed.error}\nNothing was uploaded. Choose another name with --parameter CodeBucketPrefix=PREFIX"
            ) from failed
        raise
    where = {"EU": "eu-west-1"}.get(found.get("LocationConstraint"), found.get("LocationConstraint")) or "us-east-1"
    if where != region:
        raise Refused(
            f"the bucket {bucket} is in {where}; Lambda takes code only from its own region, {region}. Choose another --parameter CodeBucketPrefix"
        )
    return True
