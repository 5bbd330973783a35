"""`tools/install_aws_tools.sh`: its decisions, with every command that would change the machine replaced."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "install_aws_tools.sh"
#: What the script may use as it is: nothing of it changes anything outside its own directory.
REAL: tuple[str, ...] = (
    "awk",
    "bash",
    "cat",
    "chmod",
    "cut",
    "env",
    "grep",
    "head",
    "ln",
    "mkdir",
    "mktemp",
    "printf",
    "readlink",
)
REAL += ("rm", "sh", "sha256sum", "sort", "tar", "tr", "uname")
AWS_KEY = "FB5DB77FD5C118B80511ADA8A6310ACC4672475C"
HASHICORP_KEY = "798AEC654E5C15428C8E42EEAA16FCBCA621E701"
PACKAGES = {
    "ca-certificates": "update-ca-certificates",
    "curl": "curl",
    "dirmngr": "dirmngr",
    "git": "git",
    "gnupg": "gpg",
    "jq": "jq",
    "less": "less",
    "make": "make",
    "openssh-client": "ssh",
    "unzip": "unzip",
}

# Each fake notes its command line. `$BOX` is the directory of the test.
LOG = '#!/bin/bash\nprintf "%s\\n" "${0##*/} $*" >>"$BOX/log"\n'
FAKES = {
    "id": '#!/bin/bash\ncat "$BOX/uid"\n',
    "sudo": LOG + 'exec "$@"\n',
    "curl": LOG
    + """\
for word; do
  case $previous in --output) out=$word ;; esac
  case $word in https://*) url=$word ;; esac
  previous=$word
done
file=$BOX/web/${url//\\//_}
[ -f "$file" ] || { echo "curl: (22) 404" >&2; exit 22; }
cat "$file" >"$out"
""",
    # A signature is the digest of what is signed, and the fingerprint of the key.
    "gpg": LOG
    + """\
case " $* " in
*" --recv-keys "*) [ -f "$BOX/keyserver" ] || { echo "gpg: keyserver receive failed" >&2; exit 2; } ;;
*" --verify "*)
  archive=${!#} signature="${*: -2:1}"
  read -r digest key <"$signature"
  [ "$(sha256sum <"$archive" | cut -d ' ' -f 1)" = "$digest" ] || exit 1
  echo "[GNUPG:] VALIDSIG $key 2026-11-01 0 0 4 0 1 8 00 $key" ;;
*" --show-keys "*) echo "fpr:::::::::$(cat "${!#}"):" ;;
*" --dearmor "*) for word; do case $previous in --output) echo key >"$word" ;; esac; previous=$word; done ;;
esac
""",
    "unzip": LOG
    + """\
mkdir -p "$4/aws"
printf '#!/bin/bash\\necho aws-cli/2.31.0 Python/3.13.7\\n' >"$4/aws/aws"
printf '#!/bin/bash\\ncat "%s/aws" >"$BOX/bin/aws"; chmod +x "$BOX/bin/aws"\\n' "$4/aws" >"$4/aws/install"
chmod +x "$4/aws/install"
""",
    "apt-get": LOG
    + """\
[ "$1" = install ] || exit 0
for package; do
  case $package in -* | install) continue ;; esac
  while read -r name command; do
    if [ "$name" = "$package" ]; then
      [ -f "$BOX/fakes/$command" ] && cp_from=$BOX/fakes/$command || cp_from=$BOX/fakes/nothing
      cat "$cp_from" >"$BOX/bin/$command"; chmod +x "$BOX/bin/$command"
    fi
  done <"$BOX/archive"
done
""",
    "apt-cache": LOG + 'grep -q "^$2 " "$BOX/archive"\n',
    # What is put into directories of the system goes into the box.
    "install": LOG
    + """\
source="${*: -2:1}" target=${!#}
case $target in /usr/local/bin/*) target=$BOX/bin/${target##*/} ;; *) target=$BOX/root$target ;; esac
mkdir -p "${target%/*}"; cat "$source" >"$target"; chmod +x "$target"
""",
}
NOTHING = "#!/bin/bash\n"


def says(text: str) -> str:
    return f"#!/bin/bash\necho '{text}'\n"


class Box:
    """A machine: a PATH, a distribution, an archive of packages, and the part of the web that answers."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        for name in ("bin", "fakes", "web", "root", "home"):
            (directory / name).mkdir()
        for name in REAL:
            found = shutil.which(name)
            assert found, name
            (directory / "bin" / name).symlink_to(found)
        for name, text in FAKES.items():
            self.command(name, text)
            self.fake(name, text)
        self.fake("nothing", NOTHING)
        self.fake("terraform", says("Terraform v1.14.2"))
        self.fake("python3", f'#!/bin/bash\nexec {sys.executable} "$@"\n')
        (directory / "uid").write_text("0\n")
        (directory / "keyserver").touch()
        self.release("debian", "bookworm")
        self.archive({**PACKAGES, "terraform": "terraform", "python3": "python3"})

    def command(self, name: str, text: str) -> None:
        path = self.directory / "bin" / name
        path.write_text(text)
        path.chmod(0o755)

    def fake(self, name: str, text: str) -> None:
        (self.directory / "fakes" / name).write_text(text)

    def without(self, *names: str) -> None:
        for name in names:
            (self.directory / "bin" / name).unlink()

    def release(self, name: str, codename: str, like: str = "") -> None:
        text = f'ID={name}\nVERSION_CODENAME={codename}\nID_LIKE="{like}"\n'
        (self.directory / "os-release").write_text(text)

    def archive(self, packages: dict[str, str]) -> None:
        lines = "".join(f"{name} {command}\n" for name, command in packages.items())
        (self.directory / "archive").write_text(lines)

    def page(self, url: str, text: str) -> None:
        (self.directory / "web" / url.replace("/", "_")).write_text(text)

    def equipped(self) -> Box:
        """Install everything."""
        for command in PACKAGES.values():
            if not (self.directory / "bin" / command).exists():
                self.command(command, NOTHING)
        self.command("python3", f'#!/bin/bash\nexec {sys.executable} "$@"\n')
        self.command("aws", says("aws-cli/2.31.0 Python/3.13.7 Linux/6.8"))
        self.command("terraform", says("Terraform v1.11.4"))
        self.command("kubectl", says("Client Version: v1.36.2"))
        self.command("helm", says("v4.0.1+g12500dd"))
        self.command("eksctl", says("0.229.1"))
        return self

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the script; it sees nothing of this machine but the programs in `REAL`."""
        return subprocess.run(
            [str(self.directory / "bin" / "bash"), str(SCRIPT), *arguments],
            env={
                "PATH": str(self.directory / "bin"),
                "HOME": str(self.directory / "home"),
                "BOX": str(self.directory),
                "OS_RELEASE": str(self.directory / "os-release"),
                "KERNEL_RELEASE": str(self.directory / "kernel"),
                "TMPDIR": str(self.directory),
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def log(self) -> str:
        path = self.directory / "log"
        return path.read_text() if path.exists() else ""

    def publish(self) -> None:
        """Put everything that is downloaded on the web, as its vendors sign it."""
        machine = os.uname().machine
        kind = {"x86_64": "amd64", "aarch64": "arm64"}[machine]
        cli = f"https://awscli.amazonaws.com/awscli-exe-linux-{machine}.zip"
        self.page(cli, "archive")
        self.page(f"{cli}.sig", f"{sha256('archive')} {AWS_KEY}\n")
        self.page("https://apt.releases.hashicorp.com/gpg", HASHICORP_KEY)
        for codename in ("bookworm", "noble"):
            self.page(f"https://apt.releases.hashicorp.com/dists/{codename}/InRelease", "packages")
        self.page("https://dl.k8s.io/release/stable-1.36.txt", "v1.36.2")
        kubectl = f"https://dl.k8s.io/release/v1.36.2/bin/linux/{kind}/kubectl"
        self.page(kubectl, says("Client Version: v1.36.2"))
        self.page(f"{kubectl}.sha256", sha256(says("Client Version: v1.36.2")))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


def test_it_is_clean() -> None:
    """By bash, and by ShellCheck, without exception."""
    subprocess.run(["bash", "-n", str(SCRIPT)], check=True, timeout=60)
    linted = subprocess.run(
        [
            str(Path(sys.executable).with_name("shellcheck")),
            "--enable=all",
            "--exclude=SC2250,SC2292,SC2310,SC2312",
            str(SCRIPT),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert linted.stdout == ""
    assert linted.returncode == 0
    assert os.access(SCRIPT, os.X_OK)


@pytest.mark.parametrize("arguments", [(), ("--check",), ("--kubernetes",), ("--check", "--kubernetes")])
def test_what_is_there_stays(box: Box, arguments: tuple[str, ...]) -> None:
    done = box.equipped().run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert box.log() == ""
    assert "terraform          1.11.4\n" in done.stdout
    assert ("eksctl             0.229.1\n" in done.stdout) == ("--kubernetes" in arguments)


def test_check_changes_nothing(box: Box) -> None:
    box.without("curl", "gpg", "unzip")
    done = box.run("--check", "--kubernetes")
    assert done.returncode == 1
    assert box.log() == ""
    assert done.stdout.count("missing") == 10 + 6 + 1
    assert done.stdout.splitlines()[-1] == "16 missing, too old or too new: run install_aws_tools.sh without --check"


@pytest.mark.parametrize("uid", ["0", "1000"])
def test_everything_is_installed(box: Box, uid: str) -> None:
    """With sudo only where it is needed; and again, nothing is left to do."""
    (box.directory / "uid").write_text(uid)
    box.publish()
    box.without("curl", "gpg", "unzip")
    done = box.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert "aws                2.31.0, installed\n" in done.stdout
    assert "terraform          1.14.2, installed\n" in done.stdout
    assert ("sudo " in box.log()) == (uid != "0")
    source = box.directory / "root/etc/apt/sources.list.d/hashicorp.list"
    assert source.read_text() == (
        "deb [signed-by=/usr/share/keyrings/hashicorp-archive-keyring.gpg] "
        "https://apt.releases.hashicorp.com bookworm main\n"
    )
    # The archive's index is read again after a source was added.
    assert box.log().splitlines().count("apt-get update --quiet") == 2
    (box.directory / "log").unlink()
    again = box.run()
    assert (again.returncode, again.stderr, box.log()) == (0, "", "")
    assert not list(box.directory.glob("tmp.*"))


def test_what_the_scripts_of_clusters_ask_for() -> None:
    """A machine that this script calls complete can create the clusters of the spec."""
    text = SCRIPT.read_text()
    for script in sorted((SCRIPT.parents[1] / "generated" / "eks").glob("*/cluster.sh")):
        found = script.read_text()
        kubernetes = re.findall(r"^KUBERNETES_VERSION=(.*)$", found, re.MULTILINE)
        assert re.findall(r"\bKUBERNETES=(\S+)", text) == kubernetes
        wanted = dict(re.findall(r"(\w+)=([\d.]+)", re.findall(r"^TOOLS='(.*)'$", found, re.MULTILINE)[0]))
        ours = {name.lower(): version for name, version in re.findall(r"\b([A-Z]+)_(?:MINIMUM|RANGE)=([\d.]+)", text)}
        for tool, least in wanted.items():
            assert [int(part) for part in ours[tool].split(".")] >= [int(part) for part in least.split(".")][:2], tool
        minor = int(kubernetes[0].partition(".")[2])
        assert f"KUBECTL_RANGE=1.{minor - 1}-1.{minor + 1} " in text


@pytest.mark.parametrize(
    ("version", "told"),
    [("1.35.0", ""), ("1.37.12", ""), ("1.38.0", "1.38.0, newer than 1.37"), ("1.34.9", "1.34.9, older than 1.35")],
)
def test_kubectl_goes_with_the_clusters(box: Box, version: str, told: str) -> None:
    box.equipped().publish()
    box.command("kubectl", says(f"Client Version: v{version}"))
    checked = box.run("--check", "--kubernetes")
    assert (checked.returncode, told in checked.stdout) == (1 if told else 0, True)
    done = box.run("--kubernetes")
    assert (done.returncode, done.stderr) == (0, "")
    assert ("kubectl            1.36.2, installed\n" in done.stdout) == bool(told)


@pytest.mark.parametrize("field", ["UBUNTU_CODENAME", "DEBIAN_CODENAME"])
def test_a_derivative_takes_the_packages_of_what_it_is_made_from(box: Box, field: str) -> None:
    box.equipped().publish()
    box.without("terraform")
    box.release("linuxmint", "wilma", "ubuntu debian")
    with (box.directory / "os-release").open("a") as file:
        file.write(f"{field}=noble\n")
    done = box.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert " noble main\n" in (box.directory / "root/etc/apt/sources.list.d/hashicorp.list").read_text()


def test_a_release_without_packages_gets_no_source(box: Box) -> None:
    box.equipped().publish()
    box.without("terraform")
    box.release("debian", "forky")
    done = box.run()
    assert done.returncode == 1
    assert "HashiCorp has no packages for forky: install Terraform 1.11 or newer by hand" in done.stderr
    assert not (box.directory / "root/etc").exists()


def test_old_ones_are_replaced(box: Box) -> None:
    box.equipped().publish()
    box.command("aws", says("aws-cli/1.45.11 Python/3.11.7"))
    box.command("terraform", says("Terraform v1.9.8"))
    checked = box.run("--check")
    assert "aws                1.45.11, older than 2.15\n" in checked.stdout
    assert "terraform          1.9.8, older than 1.11\n" in checked.stdout
    assert checked.returncode == 1
    done = box.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert "aws                2.31.0, installed\n" in done.stdout


def test_what_is_installed_and_does_not_come_first(box: Box) -> None:
    """An old one before it on the PATH is named, instead of being taken for the new one."""
    box.equipped().publish()
    box.command("terraform", says("Terraform v1.9.8"))
    box.fake("terraform", says("Terraform v1.9.8"))
    done = box.run()
    assert done.returncode == 1
    assert "terraform 1.11 or newer was installed, and is not what runs: see 'type -a terraform'" in done.stderr


@pytest.mark.parametrize(
    ("signature", "message"),
    [
        (f"{sha256('another archive')} {AWS_KEY}\n", "is not one of AWS: nothing of it was run"),
        (f"{sha256('archive')} {'0' * 40}\n", "is not one of AWS: nothing of it was run"),
        ("", "is not one of AWS: nothing of it was run"),
        (None, "curl: (22) 404"),
    ],
)
def test_a_signature_that_is_not_the_vendors(box: Box, signature: str | None, message: str) -> None:
    box.equipped().publish()
    box.without("aws")
    url = f"https://awscli.amazonaws.com/awscli-exe-linux-{os.uname().machine}.zip.sig"
    if signature is None:
        (box.directory / "web" / url.replace("/", "_")).unlink()
    else:
        box.page(url, signature)
    done = box.run()
    assert done.returncode != 0
    assert message in done.stderr
    assert "unzip " not in box.log()
    assert not (box.directory / "bin/aws").exists()


def test_a_key_that_is_not_the_vendors(box: Box) -> None:
    box.equipped().publish()
    box.without("terraform")
    box.page("https://apt.releases.hashicorp.com/gpg", "0" * 40)
    done = box.run()
    assert done.returncode == 1
    assert f"the key of HashiCorp has the fingerprint '{'0' * 40}'" in done.stderr
    assert "apt-get" not in box.log()


def test_no_key_server(box: Box) -> None:
    box.equipped().publish()
    box.without("aws")
    (box.directory / "keyserver").unlink()
    done = box.run()
    assert done.returncode == 1
    assert f"no key server has the key {AWS_KEY}" in done.stderr
    assert box.log().count("--recv-keys") == 2


@pytest.mark.parametrize(
    ("published", "message"), [("", ""), ("0" * 64, "is not what its vendor published"), ("<html>", "cannot be read")]
)
def test_checksums(box: Box, published: str, message: str) -> None:
    box.equipped().publish()
    box.without("kubectl")
    if published:
        kind = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
        box.page(f"https://dl.k8s.io/release/v1.36.2/bin/linux/{kind}/kubectl.sha256", published)
    done = box.run("--kubernetes")
    assert (done.returncode == 0) == (not message)
    assert message in done.stderr
    assert (box.directory / "bin/kubectl").exists() == (not message)


def test_another_python_of_the_distribution(box: Box) -> None:
    """Where python3 is too old, and a newer one has a name of its own."""
    box.equipped()
    old = '#!/bin/bash\n[ "$1" = --version ] && echo "Python 3.10.12" || exit 1\n'
    box.command("python3", old)
    box.fake("python3", old)
    box.fake("python3.12", '#!/bin/bash\n[ "$1" = --version ] && echo "Python 3.12.3"\nexit 0\n')
    box.archive({"python3": "python3", "python3.12": "python3.12", "python3.12-venv": "python3.12"})
    assert "python             3.10.12, older than 3.11\n" in box.run("--check").stdout
    done = box.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert "python             3.12.3, installed\n" in done.stdout
    box.without("python3.12")
    box.archive({"python3": "python3"})
    done = box.run()
    assert done.returncode == 1
    assert "this distribution has no Python 3.11 or newer" in done.stderr


@pytest.mark.parametrize(
    ("name", "like", "known"),
    [("ubuntu", "debian", True), ("linuxmint", "ubuntu debian", True), ("fedora", "", False), ("", "", False)],
)
def test_distributions(box: Box, name: str, like: str, known: bool) -> None:
    box.equipped().release(name, "x", like)
    done = box.run("--check")
    assert (done.returncode == 0) == known
    assert ("knows Debian, Ubuntu and WSL" in done.stderr) == (not known)


def test_no_root(box: Box) -> None:
    box.without("sudo")
    (box.directory / "uid").write_text("1000")
    done = box.run()
    assert done.returncode == 1
    assert "this needs root, and there is no sudo" in done.stderr


@pytest.mark.parametrize("arguments", [("--chek",), ("check",), ("--check", "now")])
def test_wrong_usage(box: Box, arguments: tuple[str, ...]) -> None:
    done = box.run(*arguments)
    assert done.returncode == 3
    assert f"there is no option {arguments[-1]}" in done.stderr
    assert "Usage: " in done.stderr


def test_help(box: Box) -> None:
    done = box.run("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: tools/install_aws_tools.sh")


class TestWindows:
    """The directory of the Windows user, in WSL."""

    @pytest.fixture
    def windows(self, box: Box) -> Box:
        box.equipped()
        (box.directory / "kernel").write_text("6.6.87.2-microsoft-standard-WSL2\n")
        (box.directory / "windows/.aws").mkdir(parents=True)
        box.command("cmd.exe", "#!/bin/bash\nprintf 'C:\\\\Users\\\\owner\\r\\n'\n")
        box.command("wslpath", f"#!/bin/bash\n[ \"$2\" = 'C:\\Users\\owner' ] && echo {box.directory}/windows\n")
        return box

    def test_it_is_linked_once(self, windows: Box) -> None:
        assert windows.run("--check", "--link-windows-aws").returncode == 1
        assert not (windows.directory / "home/.aws").exists()
        for _ in range(2):
            done = windows.run("--link-windows-aws")
            assert (done.returncode, done.stderr) == (0, "")
            assert (windows.directory / "home/.aws").readlink() == windows.directory / "windows/.aws"
        assert windows.run("--check", "--link-windows-aws").returncode == 0

    def test_what_is_there_is_never_lost(self, windows: Box) -> None:
        (windows.directory / "home/.aws").mkdir()
        done = windows.run("--link-windows-aws")
        assert done.returncode == 1
        assert "exists, and is something else: move it away first" in done.stderr
        assert windows.run("--check", "--link-windows-aws").returncode == 1
        assert (windows.directory / "home/.aws").is_dir()

    def test_without_a_directory_on_windows(self, windows: Box) -> None:
        (windows.directory / "windows/.aws").rmdir()
        done = windows.run("--link-windows-aws")
        assert done.returncode == 1
        assert "run 'aws configure' on Windows first" in done.stderr

    def test_elsewhere(self, box: Box) -> None:
        done = box.equipped().run("--link-windows-aws")
        assert done.returncode == 1
        assert "--link-windows-aws is for WSL only" in done.stderr
