# Sourced by tests/run.sh, bench/run.sh, examples/run.sh and .ci/run: tools and dependencies on a fresh machine, and what
# else they share. POSIX sh.
#
#   tools <command>:<package> ...   says what is missing and how to install it, and exits; XACT_INSTALL_PACKAGES=1 in the
#                                   environment lets it install (apt-get, as root)
#   dependencies <name> ...         xsimd, catch2, nlohmann_json, cxxopts into build/deps; then $found is for cmake -C
#   debian_package <package> ...    fetches and unpacks packages of Debian into the current folder
#
# The releases come from GitHub; where that cannot be reached, from Debian's packages, through an apt state of our own: no
# root, no change to the system, the mirror that the system's apt uses. Each archive is checked against its SHA-256.

deps=$root/build/deps
codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release 2>/dev/null || true)

CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)} # ninja's own default is two more
export CMAKE_BUILD_PARALLEL_LEVEL

say() { printf '%s\n' "$*"; }
fail() { say "error: $*" >&2; exit 1; }

refuse() { say "$*" >&2; exit 2; } # a wrong command line
among() { case " $2 " in *" $1 "*) ;; *) return 1 ;; esac; } # among <word> <words>
words() { printf '%s\n' $1 | sort -u | tr '\n' ' '; } # each once
stems() { for file in "$1"/*.cpp; do basename "$file" .cpp; done | tr '\n' ' '; }

# The activations of the one list.
activations() { sed -n 's/.*detail::entry(\([a-z][a-z0-9_]*\),.*/\1/p' "$root/include/xact/activations.hpp" | tr '\n' ' '; }

# The ISAs that there are here, in order.
isas=$(sed -n "/$(uname -m)/,/set(xact_isas/s/.*set(xact_isas \(.*\))/\1/p" "$root/tests/isas.cmake")
isas=${isas:-baseline}

# best_isa <build folder, with run-on-isa in it>: of those that have all tests, the best that this CPU has
best_isa() {
  best=${isas%% *}
  for isa in avx2 avx512; do
    ! among $isa "$isas" || ! "$1/run-on-isa" $isa /bin/sh -c : >/dev/null || best=$isa
  done
  say "$best"
}

# has <command>, has <header.h>, has <library.a>, has python3-<module>
has() {
  case $1 in
  python3-*) /usr/bin/python3 -c "import ${1#python3-}" 2>/dev/null ;;
  *.h) printf '#include <%s>\n' "$1" | ${CXX:-c++} -E -x c++ - >/dev/null 2>&1 ;;
  *.a) [ -n "$(find /usr/lib -name "$1" -print -quit)" ] ;;
  *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

missing_packages() {
  for tool in "$@"; do
    has "${tool%%:*}" || printf '%s ' "${tool#*:}"
  done
}

how_to_install() { say "To install: ${sudo}apt-get install $missing(or run this again with XACT_INSTALL_PACKAGES=1)"; }
sudo=
[ "$(id -u)" = 0 ] || sudo='sudo '

# As `tools`, but goes on: 0 where everything is there afterwards, else $missing says what is not.
try_tools() {
  missing=$(missing_packages "$@")
  [ -z "$missing" ] && return 0
  if [ "${XACT_INSTALL_PACKAGES:-0}" = 1 ] && [ -z "$sudo" ] && has apt-get; then
    say "installing: $missing"
    # shellcheck disable=SC2086 # one word per package
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing; } \
      >"$root/build/apt.log" 2>&1 || tail -n 5 "$root/build/apt.log"
    missing=$(missing_packages "$@")
  fi
  [ -z "$missing" ]
}

tools() {
  mkdir -p "$root/build"
  try_tools "$@" || fail "missing here, as Debian calls it: $missing
  $(how_to_install)"
  oldest=$(printf '%s\n' 3.25 "$(cmake --version | sed -n 's/^cmake version //p')" | sort -V | head -n 1)
  [ "$oldest" = 3.25 ] || fail "cmake 3.25 or newer is needed, here is $oldest"
}

checked() { [ -f "$1" ] && [ "$(cmake -E sha256sum "$1")" = "$2  $1" ]; }

# github <url> <archive> <sha256>
github() {
  [ -z "$no_github" ] || return 1
  say "fetching $1"
  printf 'file(DOWNLOAD "%s" "%s" INACTIVITY_TIMEOUT 10 TIMEOUT 120)\n' "$1" "$2" >"$deps/download.cmake"
  cmake -P "$deps/download.cmake" >/dev/null 2>&1
  checked "$2" "$3" && return 0
  rm -f "$2"
  no_github=yes
  say "GitHub cannot be reached from here: Debian's packages are used instead"
  return 1
}
no_github=

# debian <apt-get arguments>: apt-get on trixie and sid, with its state under build/deps, in the current folder.
debian() {
  state=$deps/apt
  if [ ! -f "$state/ready" ]; then
    has apt-get || fail "neither GitHub nor Debian's packages (apt-get) can be reached from here"
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/$' | head -n 1)
    [ -n "$mirror" ] || fail "apt-get here has no Debian mirror to take packages from, and GitHub cannot be reached"
    keys=/usr/share/keyrings/debian-archive-keyring.gpg
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
    for line in "deb $mirror $codename" "deb $mirror trixie" "deb-src $mirror trixie" "deb $mirror sid"; do
      say "${line%% *} [signed-by=$keys] ${line#* } main"
    done >"$state/sources.list"
    : >"$state/status"
    private_apt update >"$state/log" 2>&1 || { cat "$state/log"; fail "Debian's package lists cannot be fetched"; }
    : >"$state/ready"
  fi
  private_apt "$@" >"$state/log" 2>&1
}

private_apt() {
  apt-get -qq -oDir::Etc::SourceList="$state/sources.list" -oDir::Etc::SourceParts=/dev/null \
    -oDir::Etc::Preferences=/dev/null -oDir::Etc::PreferencesParts=/dev/null -oDir::State="$state" \
    -oDir::State::status="$state/status" -oDir::Cache="$state/cache" -oAPT::Architecture=amd64 \
    -oAPT::Architectures::=amd64 -oAPT::Architectures::=arm64 -oAcquire::Languages=none -oAPT::Sandbox::User=root "$@"
}

debian_package() {
  for package in "$@"; do
    debian download "$package" || { tail -n 2 "$state/log"; return 1; }
  done
  for package in *.deb; do
    dpkg-deb -x "$package" .
  done
}

# upstream <folder> <url> <sha256> <Debian's source package>: Debian keeps upstream's own archives.
upstream() {
  [ -d "$deps/$1" ] && return
  archive=$deps/$1.tar.gz
  if ! checked "$archive" "$3" && ! github "$2" "$archive" "$3"; then
    say "fetching Debian's source package $4"
    (cd "$deps" && debian source --tar-only "$4") || { tail -n 2 "$deps/apt/log"; fail "$4 cannot be fetched"; }
    fetched=$(echo "$4" | sed 's/=\(.*\)-.*/_\1.orig.tar.gz/')
    checked "$deps/$fetched" "$3" || fail "$fetched: its SHA-256 is not $3"
    mv "$deps/$fetched" "$archive"
  fi
  (cd "$deps" && tar xzf "$archive")
}

# headers_only <folder> <version> <sha256>: xsimd's headers from Debian's binary package, with a build of our own beside
# them, because the package's asks for xtl.
headers_only() {
  say "fetching Debian's package libxsimd-dev=$2-1"
  mkdir -p "$deps/$1.part"
  cd "$deps/$1.part" || exit 1
  debian_package "libxsimd-dev:amd64=$2-1" || { cd "$root" || exit 1; return 1; }
  checked "$deps/$1.part/libxsimd-dev_$2-1_amd64.deb" "$3" || fail "libxsimd-dev_$2-1_amd64.deb: its SHA-256 is not $3"
  cat >CMakeLists.txt <<EOF
cmake_minimum_required(VERSION 3.25)
project(xsimd VERSION $2 LANGUAGES NONE)
add_library(xsimd INTERFACE)
target_include_directories(xsimd INTERFACE
  \$<BUILD_INTERFACE:\${CMAKE_CURRENT_SOURCE_DIR}/usr/include> \$<INSTALL_INTERFACE:include>)
include(CMakePackageConfigHelpers)
write_basic_package_version_file(xsimdConfigVersion.cmake COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)
install(TARGETS xsimd EXPORT xsimd)
install(DIRECTORY usr/include/xsimd DESTINATION include)
install(EXPORT xsimd FILE xsimdConfig.cmake DESTINATION share/cmake/xsimd)
install(FILES \${CMAKE_CURRENT_BINARY_DIR}/xsimdConfigVersion.cmake DESTINATION share/cmake/xsimd)
EOF
  cd "$root" || exit 1
  mv "$deps/$1.part" "$deps/$1"
}

# xsimd_release <version> <sha256 of GitHub's archive> <sha256 of Debian's package>: into build/deps/xsimd-<version>
xsimd_release() {
  [ -d "$deps/xsimd-$1" ] && return
  archive=$deps/xsimd-$1.tar.gz
  if checked "$archive" "$2" ||
    github "https://github.com/xtensor-stack/xsimd/archive/refs/tags/$1.tar.gz" "$archive" "$2"; then
    (cd "$deps" && tar xzf "$archive")
  else
    headers_only "xsimd-$1" "$1" "$3"
  fi
}

# examples_library <folder> <url> <sha256> <Debian's package> <its version> <its sha256>: into build/deps/<folder>, of
# headers and files for find_package where it is Debian's package.
examples_library() {
  [ -d "$deps/$1" ] && return
  archive=$deps/$1.tar.gz
  if checked "$archive" "$3" || github "$2" "$archive" "$3"; then
    (cd "$deps" && tar xzf "$archive")
  else
    say "fetching Debian's package $4=$5"
    mkdir -p "$deps/$1.part"
    (cd "$deps/$1.part" && debian_package "$4=$5") || fail "$4 $5 cannot be fetched, from GitHub or from Debian: is there a network?"
    checked "$deps/$1.part/$4_$5_all.deb" "$6" || fail "$4_$5_all.deb: its SHA-256 is not $6"
    mv "$deps/$1.part" "$deps/$1"
  fi
}

xsimd_14() {
  xsimd_release 14.3.0 b3d50e7a73fbf4642ceef30131c93414901d69eee41c2a5302db650b03e2c792 \
    db8e1d6e030df0c8be04be1b5e0b7b23d5cc056a57180d074bb4716f787cdf79
}

xsimd_13() {
  xsimd_release 13.2.0 edd8cd3d548c185adc70321c53c36df41abe64c1fe2c67bc6d93c3ecda82447a \
    60878acfc02bfca76e8c31d53a1b9fdff490c319e53f620f4327c9786eaf631f
}

dependencies() {
  mkdir -p "$deps"
  found=$deps/$(echo "$*" | tr ' ' -).cmake # by what is in it: a test may run examples/run.sh, which asks for less
  : >"$found"
  for name in "$@"; do
    case $name in
    xsimd)
      folder=xsimd-14.3.0
      if ! xsimd_14; then
        say "xsimd 14.3.0, the pinned version, has left Debian's sid; 13.2.0 of trixie, the oldest supported, is used"
        xsimd_13 || fail "xsimd cannot be fetched"
        folder=xsimd-13.2.0
      fi
      ;;
    catch2) # built once, for all of this machine's builds; cross builds take its sources
      upstream Catch2-3.7.1 https://github.com/catchorg/Catch2/archive/refs/tags/v3.7.1.tar.gz \
        c991b247a1a0d7bb9c39aa35faf0fe9e19764213f28ffba3109388e62ee0269c catch2=3.7.1-0.5
      if [ ! -d "$deps/catch2" ]; then
        say "building Catch2"
        { cmake -G Ninja -S "$deps/Catch2-3.7.1" -B "$deps/catch2-build" -DCMAKE_INSTALL_PREFIX="$deps/catch2.part" \
          -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_STANDARD=20 -DCMAKE_UNITY_BUILD=ON -DCATCH_INSTALL_DOCS=OFF &&
          cmake --build "$deps/catch2-build" --target install; } >"$deps/catch2.log" 2>&1 ||
          { tail -n 20 "$deps/catch2.log"; fail "Catch2 does not build"; }
        mv "$deps/catch2.part" "$deps/catch2"
      fi
      say "set(Catch2_ROOT \"$deps/catch2\" CACHE PATH \"\")" >>"$found"
      continue
      ;;
    nlohmann_json)
      folder=json-3.11.3
      examples_library $folder https://github.com/nlohmann/json/archive/refs/tags/v3.11.3.tar.gz \
        0d8ef5af7f9794e3263480193c491549b2ba6cc74bb018906202ada498a79406 nlohmann-json3-dev 3.11.3-2.1 \
        741a6a32f61a14eaf9560ba1814b27da8e78fa3b9bed9e8867ab46316ddf3793
      ;;
    cxxopts)
      folder=cxxopts-3.2.1
      examples_library $folder https://github.com/jarro2783/cxxopts/archive/refs/tags/v3.2.1.tar.gz \
        841f49f2e045b9c6365997c2a8fbf76e6f215042dda4511a5bb04bc5ebc7f88a libcxxopts-dev 3.2.1-1 \
        8ada83ccb7f24f3039b412b032018d582818ad6be2dc56b4999d4590bd5e9fc6
      ;;
    esac
    if [ -f "$deps/$folder/CMakeLists.txt" ]; then
      variable=$(echo "$name" | tr a-z A-Z)
      say "set(FETCHCONTENT_SOURCE_DIR_$variable \"$deps/$folder\" CACHE PATH \"\")" >>"$found"
    else # Debian's package has the files that find_package looks for
      say "set(${name}_ROOT \"$deps/$folder/usr\" CACHE PATH \"\")" >>"$found"
    fi
  done
}
