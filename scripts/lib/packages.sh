# Sourced by the test scripts: installs Debian packages, where that is possible.
# shellcheck shell=bash

# install_packages PACKAGE...
# As root, or through a sudo that asks for no password. Fails where there is no
# apt-get or no such right; the caller then says what is missing.
# Everything apt prints goes to stderr: stdout belongs to the caller.
install_packages() {
  command -v apt-get >/dev/null || return 1
  local as=(env)
  if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 1
    as=(sudo -n env)
  fi
  as+=(DEBIAN_FRONTEND=noninteractive)
  # Another apt may be running: wait for its lock instead of failing at once.
  local apt=("${as[@]}" apt-get -q -y -o DPkg::Lock::Timeout=300)

  echo "installing: $*" >&2
  if [[ -z ${TAWZI_APT_UPDATED:-} ]]; then
    # Without network the lists on disk may still do, so a failure is no end.
    "${apt[@]}" update </dev/null >&2 || true
    export TAWZI_APT_UPDATED=1
  fi

  # Debian's PostgreSQL packages create and start a server for the whole system
  # when installed. The tests bring their own, so that is turned off meanwhile.
  local no_cluster=/etc/postgresql-common/createcluster.d/tawzi-tests.conf status=0
  if [[ " $* " == *" postgresql "* ]]; then
    "${as[@]}" mkdir -p "${no_cluster%/*}"
    echo 'create_main_cluster = false' | "${as[@]}" tee "$no_cluster" >/dev/null
  fi
  "${apt[@]}" install --no-install-recommends "$@" </dev/null >&2 || status=$?
  "${as[@]}" rm -f "$no_cluster"
  return "$status"
}
