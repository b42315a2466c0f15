import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cpuOf, memoryOf } from "./proc.ts";
import type { RunningWorker } from "./workerd.ts";

/** Servers that are not edge platforms, for scale: measured where the machine has them. */
export type Native = "nginx" | "haproxy";

const START_MS = 5000;
const POLL_MS = 20;

interface Ports {
  readonly own: number;
  readonly origin: number;
}

const nginx = ({ own, origin }: Ports, directory: string) => `
daemon off;
master_process off;
pid ${directory}/nginx.pid;
error_log stderr crit;
events { worker_connections 256; }
http {
  access_log off;
  keepalive_requests 100000000;
  client_body_temp_path ${directory}/body;
  proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi;
  scgi_temp_path ${directory}/scgi;
  split_clients "$cookie_sy" $variant { 10% treatment; * control; }
  upstream control { server 127.0.0.1:${origin}; keepalive 32; }
  upstream treatment { server 127.0.0.1:${origin}; keepalive 32; }
  server {
    listen 127.0.0.1:${own};
    location / {
      proxy_pass http://$variant;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $http_cf_connecting_ip;
      proxy_set_header X-Forwarded-Host $host;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header Via "1.1 nginx";
      add_header X-Variant $variant;
    }
  }
}
`;

const haproxy = ({ own, origin }: Ports) => `
global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend visitors
  bind 127.0.0.1:${own}
  default_backend variants
backend variants
  balance roundrobin
  http-reuse always
  option forwardfor
  cookie SRV insert indirect nocache
  http-request set-header X-Forwarded-Host %[req.hdr(Host)]
  http-request set-header Via "1.1 haproxy"
  server control 127.0.0.1:${origin} weight 90 cookie control
  server treatment 127.0.0.1:${origin} weight 10 cookie treatment
`;

/** Whether the machine has it. */
export function isInstalled(name: Native): boolean {
  try {
    execFileSync(name, ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/**
 * Ports to try, one after another: nginx without a master process takes no socket from its parent. They lie below those
 * that a system hands out by itself, so that no server of a benchmark has one by chance.
 */
const LOWEST_PORT = 10_000;
const PORTS = 10_000;

/** Waits until it listens; false where it ends instead, as it does where the port is taken. */
async function listening(child: ChildProcess, port: number): Promise<boolean> {
  for (let waited = 0; waited < START_MS; waited += POLL_MS) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: "127.0.0.1" }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (child.exitCode !== null) return false;
    if (isOpen) return true;
    await sleep(POLL_MS);
  }
  throw new Error(`nothing listens on port ${port}`);
}

/** Starts one with a sticky split of two over the origin on that port. */
export async function startNative(name: Native, origin: number): Promise<RunningWorker> {
  for (let n = process.pid; ; n += 1) {
    const started = await startOn(LOWEST_PORT + (n % PORTS), name, origin);
    if (started !== undefined) return started;
  }
}

async function startOn(
  port: number,
  name: Native,
  origin: number,
): Promise<RunningWorker | undefined> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-bench-"));
  const file = join(directory, `${name}.conf`);
  const ports = { own: port, origin };
  await writeFile(file, name === "nginx" ? nginx(ports, directory) : haproxy(ports));
  const args = name === "nginx" ? ["-p", directory, "-c", file] : ["-db", "-f", file];
  const child = spawn(name, args, { stdio: ["ignore", "inherit", "inherit"] });
  const pid = child.pid ?? 0;
  if (!(await listening(child, port))) {
    await rm(directory, { recursive: true, force: true });
    return undefined;
  }
  return {
    port,
    pid,
    inspectorPort: 0,
    cpu: () => cpuOf(pid),
    memory: () => memoryOf(pid),
    close: async () => {
      const gone = once(child, "exit");
      child.kill();
      await gone;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
