"""What ``lenie explain CODE`` prints for the codes of packages, and of whatever stands around a command."""

from __future__ import annotations

from lenie.compiler.codes import Page

PACKAGE: dict[str, Page] = {
    "E701": Page(
        "A layer's requirements do not say exactly what is installed",
        "A package is named by the digest of its sources, so the sources alone must decide what is in it. Every "
        "line of requirements.txt is a package at one version, with what it needs on lines of its own; with --hash "
        "also the very file. Version ranges, addresses, and options such as -r or an index would bring in what the "
        "digest does not cover. Where one line has a hash, all have: pip checks all files or none.",
        "requests>=2\n",
        "requests==2.34.2\n",
    ),
    "E702": Page(
        "A package cannot be built from these sources",
        "The code would have to be compiled first; or the runtime of a layer is known at its deployment only, or is"
        " not Python, so that no wheels can be chosen for it; or two files would have the same name in the package;"
        " or there is no file at all. What `lenie package` does not build can be built by other tools, and uploaded"
        " under the key that stands in the generated files.",
        'tools: {kind: layer, runtime: "${param.runtime}"}\n',
        "tools: {kind: layer, runtime: python3.13}\n",
    ),
    "E703": Page(
        "A package is too large for Lambda",
        "A function with all its layers has at most 250 MB, unzipped. The message names the largest parts: leave "
        "out a layer that the function does not need, divide a layer, or take a smaller package.",
    ),
    "E704": Page(
        "A package of a layer needs one that the layer does not have",
        "pip installs what requirements.txt pins, and nothing else, so that two builds hold the same. What a "
        "package says that it needs must stand there, too, in a version that it accepts; what Lambda's runtime "
        "brings (boto3 and its own needs) may be left out.",
        "requests==2.34.2\n",
        "requests==2.34.2\ncertifi==2026.10.18\ncharset-normalizer==3.5.2\nidna==3.20\nurllib3==2.8.0\n",
    ),
    "E910": Page(
        "pip could not fill a layer",
        "The last lines of what pip said are shown. Most often there is no wheel of that version for the runtime "
        "and processor (packages are never built from source, since the result would depend on the machine), a hash"
        " does not match the file, or the package index is out of reach. What was built before stays. The exit code"
        " is 3.",
    ),
    "E911": Page(
        "AWS, or the way to it, does not let the command go on",
        "There are no credentials, or AWS does not accept them, denies the call, does not have what is looked for, "
        "or cannot be reached. Nothing of this is a fault of the spec; the exit code is 3.",
    ),
    "E913": Page(
        "The database is out of reach, or does not let the command in",
        "The server does not answer, its certificate is not one of its name, or it refuses user and password. For "
        "`--host` the password comes from PGPASSWORD or ~/.pgpass, for `--env` from the secret that the spec names. "
        "The exit code is 3.",
    ),
    "E914": Page(
        "The migrations cannot be applied",
        "A step failed, or the database holds steps that are not the beginning of what this release has: it was "
        "migrated by a later release, or a step was changed after it had been applied. Each step is applied in a "
        "transaction, so a failed one leaves nothing; one that ends its transaction itself is refused, and so are "
        "files that are not named in a row, empty, or not UTF-8. The exit code is 3.",
    ),
    "E915": Page(
        "The tunnel to the database cannot be opened",
        "ssh could not connect to the instance, or not get from there to the database. What it says is shown. The "
        "instance lets in the addresses of the administrators only, with the key pair of the spec. The exit code is 3.",
    ),
    "E920": Page(
        "The instance or the name cannot be used",
        "The instance is terminated or stops again while it is waited for; or the name is not in the zone, or has a "
        "record that would be lost: an alias, a CNAME, one of several records. The exit code is 3.",
    ),
    "E921": Page(
        "It takes too long",
        "What AWS was asked for did not come in the time of --timeout. It may still come: running the command again "
        "goes on where it is. An instance without a public address never gets one by waiting. The exit code is 3.",
    ),
    "E912": Page(
        "Another object lies in the bucket under a package's key",
        "The key holds the digest of the sources, so whatever lies there was made from the same sources, or was put"
        " there by somebody else. A function that is deployed from it runs it. So it is compared by its SHA-256, "
        "and never taken or overwritten silently. The exit code is 3.",
    ),
}
