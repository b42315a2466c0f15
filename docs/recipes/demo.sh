# The recipes' tools: they talk to the demo that `npm start` runs. From the repository: . docs/recipes/demo.sh
PORT=${PORT:-8787}
WORK=$(mktemp -d)
NODE=node_modules/.bin/node

kv() { npx wrangler kv key "$@" --local --persist-to ".wrangler/demo/$PORT" --binding ROUTING_CONFIG; }

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
browse() { curl -s -o "$WORK/body" -A 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' "$@"; }

# ask <host, tenant or URL> [curl options]: who served, and why
ask() { target=$(url_of "$1"); shift; browse -w '%header{x-variant} (%header{x-reason})\n' "$@" "$target"; }

# cookies <host, tenant or URL> [curl options]: the cookies that the answer sets
cookies() { target=$(url_of "$1"); shift; browse -w '%header{set-cookie}\n' "$@" "$target"; }

# get <key>: puts the policy into a file and prints the file's name
get() { [ -s "$WORK/$1.json" ] || kv get "$1" --text > "$WORK/$1.json"; echo "$WORK/$1.json"; }

# edit <key> <JavaScript that changes `policy`>: as you would in an editor; at(60) is the time in a minute
edit() {
  file=$(get "$1")
  "$NODE" -e '
    const fs = require("node:fs");
    const [file, change] = process.argv.slice(1);
    const at = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
    const text = fs.readFileSync(file, "utf8");
    const policy = new Function("policy", "at", `${change}; return policy`)(JSON.parse(text), at);
    fs.writeFileSync(file, JSON.stringify(policy, null, 2));
  ' "$file" "$2" && old=$(version "$1") && kv put "$1" --path "$file" && arrived "$1" "$old"
}

version() { browse -w '%header{x-policy-version}' "$(url_of "$1")"; }

# A policy stays in memory for a second here, and the first request after that fetches the new one.
arrived() {
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ "$(version "$1")" = "$2" ] || return 0
    sleep 0.5
  done
  echo "the new policy of $1 is not served" >&2
  return 1
}

# link <host> <variant> <hours>: a QA link, signed with the demo's secret
link() {
  "$NODE" -e '
    const [route, variant, hours, url] = process.argv.slice(1);
    import("./src/override/token.ts").then(async ({ signToken, tokenKey }) => {
      const key = await tokenKey("switchyard-demo-secret-not-for-production");
      const expiresAt = Date.now() + Number(hours) * 3_600_000;
      console.log(`${url}?sy=${await signToken({ route, variant, expiresAt }, key)}`);
    });
  ' "$1" "$2" "$3" "$(url_of "$1")"
}
