# Read by other scripts.

# A Python environment of the lanes, kept between runs: `python_environment check` gives its Python on standard output.
python_environment() {
  local requirements=tools/python/requirements-$1
  local environment=${XDG_CACHE_HOME:-$HOME/.cache}/aloe-align/python-$1
  local pip=("$environment/bin/python" -m pip install --quiet --disable-pip-version-check)
  local torch
  if ! cmp -s "$requirements.txt" "$environment/installed.txt"; then
    rm -rf "$environment"
    python3 -m venv "$environment" >&2 || return 1
    # By itself and first: otherwise a build for GPUs comes along.
    if torch=$(grep '^torch==' "$requirements.in"); then "${pip[@]}" "$torch" >&2 || return 1; fi
    # The list is complete, with the sums of all files but those of torch.
    "${pip[@]}" --no-deps --require-hashes -r "$requirements.txt" >&2 || return 1
    cp "$requirements.txt" "$environment/installed.txt"
  fi
  echo "$environment/bin/python"
}
