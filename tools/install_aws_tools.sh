#!/usr/bin/env bash
# Installs what deploying needs on Debian, Ubuntu and WSL: AWS CLI v2, Terraform, Python, jq, and small helpers.
# What is there and new enough stays. Everything that is downloaded is checked before it is run: by the vendor's
# signature, whose key is known by its fingerprint, or by the vendor's checksum.
set -euo pipefail

readonly PYTHON_MINIMUM=3.11 TERRAFORM_MINIMUM=1.11 AWS_MINIMUM=2.15
# What the scripts in generated/eks ask for; kubectl may be one minor version older or newer than the clusters.
readonly KUBERNETES=1.36 KUBECTL_RANGE=1.35-1.37 HELM_MINIMUM=3.16 EKSCTL_MINIMUM=0.229
# Source: AWS CLI User Guide, "Installing or updating to the latest version of the AWS CLI".
readonly AWS_CLI_KEY=FB5DB77FD5C118B80511ADA8A6310ACC4672475C
readonly AWS_CLI_URL=https://awscli.amazonaws.com
# Source: HashiCorp, "Official Packaging Guide" and "Security" (Linux Package Checksum Verification).
readonly HASHICORP_KEY=798AEC654E5C15428C8E42EEAA16FCBCA621E701
readonly HASHICORP_URL=https://apt.releases.hashicorp.com
readonly HASHICORP_KEYRING=/usr/share/keyrings/hashicorp-archive-keyring.gpg
# Packages of the distribution, and the command that tells whether each is there.
# gpg asks key servers by dirmngr.
readonly PACKAGES=(ca-certificates:update-ca-certificates curl:curl dirmngr:dirmngr git:git gnupg:gpg jq:jq less:less
  make:make openssh-client:ssh unzip:unzip)

check=false kubernetes=false link=false missing=0 updated=false work=''

usage() {
  cat <<'EOF'
Usage: tools/install_aws_tools.sh [--check] [--kubernetes] [--link-windows-aws]

  --check             Install nothing: say what is there, and end with 1 if something is missing or too old.
  --kubernetes        Also kubectl, Helm and eksctl, for generated/eks.
  --link-windows-aws  WSL only: let ~/.aws be the directory of the Windows user, so that both share their profiles.
  -h, --help          This text.

Exit codes: 0 everything is there, 1 something is missing (--check) or could not be installed, 3 wrong usage.
EOF
}

say() { printf '%s\n' "$*"; }
row() { printf '%-18s %s\n' "$1" "$2"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Whether version $1 is at least $2.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# The first version in what a command says; nothing if the command is not there or fails.
version_of() { "$@" 2>/dev/null | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)*' | head -n 1 || true; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "this needs root, and there is no sudo: $*"
  fi
}

fetch() {
  curl --fail --silent --show-error --location --proto '=https' --tlsv1.2 --retry 3 --connect-timeout 30 \
    --speed-limit 1024 --speed-time 60 --output "$2" "$1"
}

apt_install() {
  if ! $updated; then
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update --quiet
    updated=true
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends "$@"
}

# Whether version $1 is in $2: a minimum, or the first and the last minor version with a hyphen between them.
fits() { at_least "$1" "${2%-*}" && { [ "${2%-*}" = "$2" ] || at_least "${2#*-}.99999" "$1"; }; }

# Tells what there is of a tool; returns 1 if it has to be installed. $1: name, $2: version found, $3: what is wanted.
present() {
  if [ -n "$2" ] && fits "$2" "$3"; then
    row "$1" "$2"
    return 0
  fi
  missing=$((missing + 1))
  if [ -z "$2" ]; then
    row "$1" "missing"
  elif at_least "$2" "${3%-*}"; then
    row "$1" "$2, newer than ${3#*-}"
  else
    row "$1" "$2, older than ${3%-*}"
  fi
  return 1
}

# $1: name, $2: minimum or range, $3: function that installs it, rest: command that tells its version.
tool() {
  local name=$1 minimum=$2 install=$3 found
  shift 3
  found=$(version_of "$@")
  if present "$name" "$found" "$minimum" || $check; then return; fi
  "$install"
  hash -r
  found=$(version_of "$@")
  if [ -z "$found" ] || ! fits "$found" "$minimum"; then
    fail "$name ${minimum%-*} or newer was installed, and is not what runs: see 'type -a ${1/python_there/python3}'"
  fi
  missing=$((missing - 1))
  row "$name" "$found, installed"
}

packages() {
  local pair wanted=()
  for pair in "${PACKAGES[@]}"; do
    if command -v "${pair#*:}" >/dev/null; then
      row "${pair%:*}" "there"
    else
      row "${pair%:*}" "missing"
      wanted+=("$pair")
    fi
  done
  if [ ${#wanted[@]} -eq 0 ]; then return; fi
  if $check; then
    missing=$((missing + ${#wanted[@]}))
    return
  fi
  apt_install "${wanted[@]%:*}"
  hash -r
  for pair in "${wanted[@]}"; do
    command -v "${pair#*:}" >/dev/null || fail "${pair%:*} was installed, and has no ${pair#*:}"
    row "${pair%:*}" "installed"
  done
}

# The newest Python that is new enough and can make virtual environments.
python_version() {
  local candidate
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (${PYTHON_MINIMUM/./, }))" 2>/dev/null; then
      "$candidate" --version
      return
    fi
  done
  python3 --version 2>/dev/null || true
  return 1
}

python_there() { python_version || true; }

install_python() {
  local candidate
  apt_install python3 python3-venv
  python_version >/dev/null && return
  for candidate in python3.14 python3.13 python3.12 python3.11; do
    if apt-cache show "$candidate-venv" >/dev/null 2>&1; then
      apt_install "$candidate" "$candidate-venv"
      return
    fi
  done
  fail "this distribution has no Python $PYTHON_MINIMUM or newer: take a newer release of it"
}

# Imports key $2 (a fingerprint) into the key ring at $1. A key server cannot give another key for a fingerprint.
receive_key() {
  local server
  for server in hkps://keyserver.ubuntu.com hkps://keys.openpgp.org; do
    if gpg --homedir "$1" --batch --quiet --keyserver "$server" --recv-keys "$2" 2>"$1/said"; then return; fi
  done
  cat "$1/said" >&2
  fail "no key server has the key $2"
}

install_aws() {
  local machine directory=$work/aws archive
  machine=$(uname -m)
  case $machine in
    x86_64 | aarch64) ;;
    *) fail "there is no AWS CLI v2 for $machine" ;;
  esac
  mkdir -p "$directory/keys"
  chmod 700 "$directory/keys"
  archive=$directory/awscliv2.zip
  fetch "$AWS_CLI_URL/awscli-exe-linux-$machine.zip" "$archive"
  fetch "$AWS_CLI_URL/awscli-exe-linux-$machine.zip.sig" "$archive.sig"
  receive_key "$directory/keys" "$AWS_CLI_KEY"
  # VALIDSIG ends with the fingerprint of the primary key: a signature by any other key is none.
  if ! gpg --homedir "$directory/keys" --batch --status-fd 1 --verify "$archive.sig" "$archive" 2>/dev/null |
    grep -qE "^\[GNUPG:\] VALIDSIG .*\b$AWS_CLI_KEY$"; then
    fail "the signature of the AWS CLI is not one of AWS: nothing of it was run"
  fi
  unzip -q "$archive" -d "$directory"
  as_root "$directory/aws/install" --update >/dev/null
}

install_terraform() {
  local key=$work/hashicorp.asc keys=$work/hashicorp codename found
  # A derivative has a code name of its own, and tells what it is made from.
  for found in UBUNTU_CODENAME DEBIAN_CODENAME VERSION_CODENAME; do
    codename=$(release "$found")
    [ -z "$codename" ] || break
  done
  [ -n "$codename" ] || fail "this distribution does not tell its code name: install Terraform by hand"
  # A source without packages would break every later update.
  fetch "$HASHICORP_URL/dists/$codename/InRelease" "$work/InRelease" ||
    fail "HashiCorp has no packages for $codename: install Terraform $TERRAFORM_MINIMUM or newer by hand"
  mkdir -p "$keys"
  chmod 700 "$keys"
  fetch "$HASHICORP_URL/gpg" "$key"
  found=$(gpg --homedir "$keys" --batch --with-colons --show-keys --fingerprint "$key" | awk -F: '$1 == "fpr" {print $10; exit}')
  [ "$found" = "$HASHICORP_KEY" ] || fail "the key of HashiCorp has the fingerprint '$found', and not $HASHICORP_KEY"
  gpg --homedir "$keys" --batch --yes --dearmor --output "$key.gpg" "$key"
  as_root install -m 644 -D "$key.gpg" "$HASHICORP_KEYRING"
  say "deb [signed-by=$HASHICORP_KEYRING] $HASHICORP_URL $codename main" >"$work/hashicorp.list"
  as_root install -m 644 -D "$work/hashicorp.list" /etc/apt/sources.list.d/hashicorp.list
  updated=false
  apt_install terraform
}

processor() {
  case $(uname -m) in
    x86_64) say amd64 ;;
    aarch64) say arm64 ;;
    *) fail "there are no Kubernetes tools for $(uname -m)" ;;
  esac
}

# $1: file, $2: its SHA-256 in hexadecimal.
verify_sha256() {
  [[ $2 =~ ^[0-9a-f]{64}$ ]] || fail "the vendor's checksum of ${1##*/} cannot be read"
  printf '%s  %s\n' "$2" "$1" | sha256sum --check --status || fail "${1##*/} is not what its vendor published"
}

install_kubectl() {
  local base=https://dl.k8s.io/release kind release
  kind=$(processor)
  fetch "$base/stable-$KUBERNETES.txt" "$work/stable.txt"
  release=$(cat "$work/stable.txt")
  fetch "$base/$release/bin/linux/$kind/kubectl" "$work/kubectl"
  fetch "$base/$release/bin/linux/$kind/kubectl.sha256" "$work/kubectl.sha256"
  verify_sha256 "$work/kubectl" "$(cut -d ' ' -f 1 "$work/kubectl.sha256")"
  as_root install -m 755 "$work/kubectl" /usr/local/bin/kubectl
}

install_helm() {
  local kind release archive
  kind=$(processor)
  fetch https://get.helm.sh/helm4-latest-version "$work/helm-version"
  release=$(cat "$work/helm-version")
  archive=helm-$release-linux-$kind.tar.gz
  fetch "https://get.helm.sh/$archive" "$work/$archive"
  fetch "https://get.helm.sh/$archive.sha256sum" "$work/$archive.sha256sum"
  verify_sha256 "$work/$archive" "$(cut -d ' ' -f 1 "$work/$archive.sha256sum")"
  tar -xzf "$work/$archive" -C "$work" "linux-$kind/helm"
  as_root install -m 755 "$work/linux-$kind/helm" /usr/local/bin/helm
}

install_eksctl() {
  local base=https://github.com/eksctl-io/eksctl/releases/latest/download archive
  archive=eksctl_Linux_$(processor).tar.gz
  fetch "$base/$archive" "$work/$archive"
  fetch "$base/eksctl_checksums.txt" "$work/eksctl_checksums.txt"
  verify_sha256 "$work/$archive" "$(awk -v name="$archive" '$2 == name {print $1}' "$work/eksctl_checksums.txt")"
  tar -xzf "$work/$archive" -C "$work" eksctl
  as_root install -m 755 "$work/eksctl" /usr/local/bin/eksctl
}

# A field of the file that describes the distribution (os-release(5)).
release() { (
  # shellcheck source=/dev/null
  . "${OS_RELEASE:-/etc/os-release}"
  say "${!1:-}"
); }

is_wsl() { grep -qi microsoft "${KERNEL_RELEASE:-/proc/sys/kernel/osrelease}" 2>/dev/null; }

link_windows_aws() {
  local profile target
  is_wsl || fail "--link-windows-aws is for WSL only"
  command -v cmd.exe >/dev/null || fail "cmd.exe is not on the PATH: the interoperability of WSL is turned off"
  profile=$(cmd.exe /d /c 'echo %USERPROFILE%' 2>/dev/null | tr -d '\r')
  target=$(wslpath -u "$profile")/.aws
  [ -d "$target" ] || fail "there is no $target: run 'aws configure' on Windows first"
  if [ -L ~/.aws ] && [ "$(readlink -f ~/.aws)" = "$(readlink -f "$target")" ]; then
    row .aws "$target"
  elif [ -e ~/.aws ] || [ -L ~/.aws ]; then
    if ! $check; then fail "$HOME/.aws exists, and is something else: move it away first"; fi
    row .aws "exists, and is not $target"
    missing=$((missing + 1))
  elif $check; then
    row .aws "missing"
    missing=$((missing + 1))
  else
    ln -s "$target" ~/.aws
    row .aws "$target, linked"
  fi
}

main() {
  local id like
  while [ $# -gt 0 ]; do
    case $1 in
      --check) check=true ;;
      --kubernetes) kubernetes=true ;;
      --link-windows-aws) link=true ;;
      -h | --help) usage; exit 0 ;;
      *) printf 'error: there is no option %s\n\n' "$1" >&2; usage >&2; exit 3 ;;
    esac
    shift
  done
  id=$(release ID)
  like=" $id $(release ID_LIKE) "
  case $like in
    *" debian "* | *" ubuntu "*) ;;
    *) fail "this is ${id:-an unknown system}, and the script knows Debian, Ubuntu and WSL with one of them" ;;
  esac
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  packages
  tool python "$PYTHON_MINIMUM" install_python python_there
  tool aws "$AWS_MINIMUM" install_aws aws --version
  tool terraform "$TERRAFORM_MINIMUM" install_terraform terraform version
  if $kubernetes; then
    tool kubectl "$KUBECTL_RANGE" install_kubectl kubectl version --client
    tool helm "$HELM_MINIMUM" install_helm helm version --short
    tool eksctl "$EKSCTL_MINIMUM" install_eksctl eksctl version
  fi
  if $link; then link_windows_aws; fi
  if [ "$missing" -gt 0 ]; then
    say "$missing missing, too old or too new: run ${0##*/} without --check"
    exit 1
  fi
}

main "$@"
