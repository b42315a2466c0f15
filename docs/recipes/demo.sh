# The recipes' tools: they talk to the demo that `npm start` runs. From the repository: . docs/recipes/demo.sh
# An alias of the same name, typed earlier in this shell, would be put in the place of these functions' names.
unalias sy run_sy edit origin_of url_of browse ask visitors cookies version arrived 2> /dev/null || true

PORT=${PORT:-8787}
WORK=$(mktemp -d)
export SY_URL="http://127.0.0.1:$((PORT + 1))"

# sy <command> <key> …: the command line; where it changed a route, waits until the gateway serves that
sy() {
  case $1 in
    force | unforce | renew | rollback) before=$(version "$2") && run_sy "$@" && arrived "$2" "$before" ;;
    *) run_sy "$@" ;;
  esac
}
# With the Node that npm ci brought; npm itself would take longer to start than sy.
run_sy() { node_modules/.bin/node src/cli/sy.cjs "$@"; }

# edit <key> <JavaScript that changes `policy`> [options of apply]: as you would in an editor; at(60) is the time in a minute
edit() {
  key=$1 change=$2 file="$WORK/$1.json"
  shift 2
  run_sy get "$key" > "$file" && node -e '
    const fs = require("fs");
    const [file, change] = process.argv.slice(1);
    const at = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
    const policy = JSON.parse(fs.readFileSync(file, "utf8"));
    const changed = new Function("policy", "at", `${change}; return policy`)(policy, at);
    fs.writeFileSync(file, JSON.stringify(changed, null, 2));
  ' "$file" "$change" && before=$(version "$key") && run_sy apply "$file" "$@" && arrived "$key" "$before"
}

# origin_of <key> <variant>: where a demo origin listens itself
origin_of() { run_sy get "$1" | node -p 'JSON.parse(require("fs").readFileSync(0, "utf8"))[process.argv[1]]' "$2"; }

# url_of <host or tenant>[/path]
url_of() {
  case $1 in
    http*) echo "$1" ;;
    *.*/*) echo "http://${1%%/*}:$PORT/${1#*/}" ;;
    *.*) echo "http://$1:$PORT/" ;;
    *) echo "http://localhost:$PORT/$1" ;;
  esac
}

# Under its own name curl counts as a crawler.
BROWSER='Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
browse() { curl -s -o "$WORK/body" -A "$BROWSER" "$@"; }

# ask <host, tenant or URL> [curl options]: who served, and why
ask() { target=$(url_of "$1"); shift; browse -w '%header{x-variant} (%header{x-reason})\n' "$@" "$target"; }

# visitors <host, tenant or URL> <how many>: so many new ones, each at an address of their own; who served them, and why
visitors() {
  target=$(url_of "$1")
  for n in $(seq "$2"); do
    [ "$n" = 1 ] || echo next
    printf 'url = "%s"\nheader = "Sec-Fetch-Dest: document"\n' "$target"
    printf 'header = "CF-Connecting-IP: 2001:db8:%x:%x::1"\n' $$ $((${CAME:-0} + n))
    printf 'silent\noutput = "%s"\nuser-agent = "%s"\n' "$WORK/body" "$BROWSER"
    printf 'write-out = "%%header{x-variant} (%%header{x-reason})\\n"\n'
  done | curl -K -
  CAME=$((${CAME:-0} + $2))
}

# cookies <host, tenant or URL> [curl options]: the cookie that the answer sets
cookies() { target=$(url_of "$1"); shift; browse -w '%header{set-cookie}\n' "$@" "$target"; }

version() { browse -w '%header{x-policy-version}' "$(url_of "$1")"; }

# A policy stays in memory for a second here, and the first request after that fetches the new one.
arrived() {
  for _ in $(seq 60); do
    [ "$(version "$1")" = "$2" ] || return 0
    sleep 0.5
  done
  echo "the new policy of $1 is not served" >&2
  return 1
}
