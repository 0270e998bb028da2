# Read by other scripts.

# A Python environment of the lanes, kept between runs: `python_environment newest` gives its Python on standard output.
# Two that ask for the same one at a time: the second waits for the first.
python_environment() {
  local requirements=tools/python/requirements-$1
  local environment=${XDG_CACHE_HOME:-$HOME/.cache}/aloe-align/python-$1
  if [ "$1" = train ]; then
    # Users get this one from a command.
    PATH=$PWD/node_modules/.bin:$PATH node src/cli/aloe.ts train setup >&2 || return 1
  else
    mkdir -p "$(dirname "$environment")"
    flock "$environment.lock" bash -c "$(declare -f fill_environment); fill_environment $requirements $environment" >&2 || return 1
  fi
  echo "$environment/bin/python"
}

fill_environment() {
  local requirements=$1 environment=$2 torch
  local pip=("$environment/bin/python" -m pip install --quiet --disable-pip-version-check)
  if cmp -s "$requirements.txt" "$environment/installed.txt"; then return; fi
  rm -rf "$environment"
  python3 -m venv "$environment" || return 1
  # By itself and first: otherwise a build for GPUs comes along.
  if torch=$(grep '^torch==' "$requirements.in"); then "${pip[@]}" "$torch" || return 1; fi
  # The list is complete, with the sums of all files but those of torch.
  "${pip[@]}" --no-deps --require-hashes -r "$requirements.txt" || return 1
  cp "$requirements.txt" "$environment/installed.txt"
}
