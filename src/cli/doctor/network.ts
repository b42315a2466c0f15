import { Resolver } from "node:dns/promises";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:tls";

import { RELEASE } from "../../lib/release.ts";
import { reasonOf } from "../failure.ts";

/** Whoever does not answer is waited for so long (ms). */
const NETWORK_MS = 5000;

/** Characters of an answer that are read: the edge's code stands near its beginning. */
const READ_CHARS = 4096;

/** Whether a name is known, or why that could not be asked. */
export type Resolved = "known" | "unknown" | { readonly failed: string };

/** A resolver that asks the name servers of this machine, and gives up in time. It reads no hosts file: the edge knows none either. */
export const makeResolver = (): Resolver => new Resolver({ timeout: NETWORK_MS / 2, tries: 1 });

/** Whether DNS knows a name. */
export async function resolveName(name: string, resolver: Resolver): Promise<Resolved> {
  const families = [resolver.resolve4(name), resolver.resolve6(name)];
  const outcomes = await Promise.allSettled(families);
  if (outcomes.some(({ status }) => status === "fulfilled")) return "known";
  const codes = outcomes.map((one) =>
    one.status === "rejected" ? (one.reason as NodeJS.ErrnoException).code : undefined,
  );
  // ENODATA: the name is there, without an address of this family.
  if (codes.every((code) => code === "ENOTFOUND" || code === "ENODATA")) return "unknown";
  return { failed: codes.find((code) => code !== "ENODATA") ?? "no answer" };
}

/** What a server's certificate says, or why there is none. */
export type Certified =
  | { readonly validTo: number; readonly fault: string | undefined }
  | { readonly failed: string };

/** Asks a server for its certificate, within its time. */
export async function askCertificate(
  name: string,
  port: number,
  { address = name, ms = NETWORK_MS }: { readonly address?: string; readonly ms?: number } = {},
): Promise<Certified> {
  return new Promise((resolve) => {
    // What is not valid is told, not refused: nothing is sent.
    const socket = connect({ host: address, port, servername: name, rejectUnauthorized: false });
    const end = (outcome: Certified) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => end({ failed: `no answer within ${ms / 1000} s` }), ms);
    socket.once("error", (error) => end({ failed: reasonOf(error) }));
    socket.once("secureConnect", () => {
      const { valid_to: validTo } = socket.getPeerCertificate();
      const fault = socket.authorized ? undefined : String(socket.authorizationError);
      end({ validTo: Date.parse(validTo), fault });
    });
  });
}

/** What a gateway answered. */
export interface Asked {
  readonly status: number;
  readonly servedBy: string | undefined;
  readonly source: string | undefined;
  /** The beginning of what it said. */
  readonly text: string;
}

const one = (value: string | string[] | undefined): string | undefined => [value ?? []].flat()[0];

/**
 * Asks for a page as a declared crawler does, so that it counts as no visitor, within its time; `address` is
 * connected to in place of the URL's host. Redirects are not followed.
 */
export async function askPage(
  url: URL,
  {
    address,
    ms = NETWORK_MS,
  }: { readonly address?: string | undefined; readonly ms?: number } = {},
): Promise<Asked> {
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const asked = send({
      host: address ?? url.hostname,
      port: url.port,
      path: url.pathname + url.search,
      headers: { host: url.host, "user-agent": `switchyard-doctor/${RELEASE} (bot)` },
      agent: false,
    });
    // Once the answer has begun, what came of it in time is told.
    let late = (): void => void asked.destroy(new Error(`no answer within ${ms / 1000} s`));
    const timer = setTimeout(() => late(), ms);
    asked.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    asked.once("response", (response) => {
      const { statusCode: status = 0, headers } = response;
      let text = "";
      const end = () => {
        clearTimeout(timer);
        asked.destroy();
        const servedBy = one(headers["x-served-by"]);
        resolve({ status, servedBy, source: one(headers["x-policy-source"]), text });
      };
      late = end;
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk.slice(0, READ_CHARS - text.length);
        if (text.length >= READ_CHARS) end();
      });
      // What breaks off has said enough.
      response.once("end", end).once("error", end);
    });
    asked.end();
  });
}
