import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { holdPort } from "../../support/held-port.ts";

export interface SharedCache {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  close(): Promise<void>;
}

function configOf(directory: string, port: number, behind: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${directory}/${name};`,
  );
  return `daemon off;
pid ${directory}/pid;
error_log ${directory}/error.log;
worker_processes 1;
${process.getuid?.() === 0 ? "user root;" : ""}
events {}
http {
  access_log off;
  ${temporary.join("\n  ")}
  proxy_cache_path ${directory}/cache levels=1 keys_zone=shared:1m;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${behind};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Connection "";
      proxy_cache shared;
      proxy_cache_key "$http_host$request_uri";
      proxy_cache_valid any 10m;
      proxy_ignore_headers Set-Cookie;
      add_header x-cache $upstream_cache_status always;
    }
  }
}
`;
}

/**
 * Starts nginx as a shared cache before a gateway. It stores as much as its configuration lets it: what says nothing of
 * caching, errors, and answers that set cookies, which nginx by itself would leave out. So what it does not store, it
 * does not because the gateway said so. Rejects with what to install where there is no nginx.
 */
export async function startNginx(behind: number): Promise<SharedCache> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-nginx-"));
  const held = await holdPort();
  const { port } = held;
  await writeFile(join(directory, "nginx.conf"), configOf(directory, port, behind));
  const args = ["-p", directory, "-e", "error.log", "-c", join(directory, "nginx.conf")];
  // Debian puts it where ordinary people's PATH does not lead.
  const path = `${process.env["PATH"] ?? ""}:/usr/sbin`;
  const child = spawn("nginx", args, {
    // How nginx hands its sockets to a new nginx: the descriptor, and a semicolon.
    env: { ...process.env, PATH: path, NGINX: "3;" },
    stdio: held.stdioWith(["ignore", "ignore", "pipe"]),
  });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const failed = new Promise<never>((_, reject) => {
    child.once("error", (error) => {
      const fix = "on Debian and Ubuntu, sudo apt-get install nginx";
      reject(new Error(`this test needs nginx (${error.message}): ${fix}`));
    });
    child.once("close", () => reject(new Error(`nginx did not start: ${said}`)));
  });
  const spawned = once(child, "spawn").then(held.handedOver);
  async function close(): Promise<void> {
    if (child.pid !== undefined && child.exitCode === null) {
      const gone = once(child, "exit");
      child.kill();
      await gone;
    }
    await rm(directory, { recursive: true, force: true });
  }
  const url = `http://127.0.0.1:${port}`;
  try {
    // The port listens from the beginning: the first answer comes when nginx is there.
    await Promise.race([failed, spawned.then(async () => fetch(url))]);
    return { url, close };
  } catch (error) {
    held.handedOver();
    await close();
    throw error;
  }
}
