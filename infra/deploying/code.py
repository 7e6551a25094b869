"""The function's code: builds it, packs it, and puts it where Lambda takes it from."""

import hashlib
import os
import subprocess
import zipfile
from pathlib import Path

from deploying import Refused
from deploying.aws import aws
from deploying.spec import ROOT

TARGETS = {"arm64": "--arm64", "x86_64": "--x86-64"}
# No time of a build gets into the zip: the same binary is the same zip.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def build_command(architecture):
    return ["cargo", "lambda", "build", "--release", TARGETS[architecture], "--output-format", "zip", "--package", "drift-healer"]


def build(architecture):
    """Builds the function and packs it so that the same source gives the same bytes."""
    command = build_command(architecture)
    print("building:", " ".join(command), flush=True)
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        raise Refused("the build failed; its own message is above. cargo-lambda is installed with `pip install cargo-lambda` or `cargo install cargo-lambda`")
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    with zipfile.ZipFile(target / "lambda" / "drift-healer" / "bootstrap.zip") as built:
        binary = built.read("bootstrap")
    packed = target / "lambda" / "drift-healer.zip"
    pack(binary, packed)
    return packed


def pack(binary, path):
    entry = zipfile.ZipInfo("bootstrap", ZIP_DATE)
    entry.create_system, entry.external_attr, entry.compress_type = 3, 0o100755 << 16, zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(entry, binary, compresslevel=9)


def code_key(path):
    """CloudFormation does not notice another object under the same key, so the key is the content."""
    with zipfile.ZipFile(path) as packed:
        try:
            return f"drift-healer/{hashlib.sha256(packed.read('bootstrap')).hexdigest()}.zip"
        except KeyError:
            raise Refused(f"{path} holds no file `bootstrap`; it is no zip for provided.al2023") from None


def upload(path, bucket, key, region):
    found = aws(region, "s3api", "get-bucket-location", "--bucket", bucket, missing=("NoSuchBucket", "Not Found"))
    if found is None:
        place = [] if region == "us-east-1" else ["--create-bucket-configuration", f"LocationConstraint={region}"]
        aws(region, "s3api", "create-bucket", "--bucket", bucket, *place)
        block = "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
        aws(region, "s3api", "put-public-access-block", "--bucket", bucket, "--public-access-block-configuration", block)
        print(f"made the bucket {bucket}")
    elif (found.get("LocationConstraint") or "us-east-1") != region:
        raise Refused(
            f"the bucket {bucket} is in {found['LocationConstraint']}; Lambda takes code only from its own region, {region}. Choose another --parameter CodeBucketPrefix"
        )
    if aws(region, "s3api", "head-object", "--bucket", bucket, "--key", key, missing=("404", "Not Found")) is None:
        aws(region, "s3api", "put-object", "--bucket", bucket, "--key", key, "--body", str(path))
        print(f"uploaded s3://{bucket}/{key}")
    else:
        print(f"unchanged s3://{bucket}/{key}")
