/** Fields of one connection only (RFC 9110 §7.6.1). */
export const HOP_BY_HOP: readonly string[] = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/**
 * A field's name as a server reads it that makes variables of fields: CGI, WSGI and PHP take
 * `X_Forwarded_For` and `X-Forwarded-For` for one (CVE-2015-0219), some of them every other sign too.
 */
export function plainName(name: string): string {
  const lower = name.toLowerCase();
  return /[^a-z0-9-]/.test(lower) ? lower.replaceAll(/[^a-z0-9]/g, "-") : lower;
}

/** What Cloudflare's edge says of the visitor's address, whatever the visitor said; to an origin the platform says it of the Worker. */
export const EDGE_ADDRESS = "cf-connecting-ip";

const CLAIMS = new Set([
  // An address.
  "x-forwarded",
  "x-custom-ip-authorization",
  "x-nf-client-connection-ip",
  "x-envoy-external-address",
  "x-envoy-internal",
  // A host, a scheme, a path.
  "x-host",
  "x-proxy-host",
  "x-proxy-url",
  "x-http-destinationurl",
  "x-request-uri",
  "x-script-name",
  "x-proto",
  "x-scheme",
  "x-url-scheme",
  "x-arr-ssl",
  "front-end-https",
  "x-waws-unencoded-url",
  // Rack and nginx make a file's place of these (CVE-2025-61780).
  "x-sendfile-type",
  "x-accel-mapping",
  // CGI makes HTTP_PROXY of it, which programs take for their proxy (CVE-2016-5385).
  "proxy",
  // A method.
  "x-method",
  "x-http-method",
  // An identity.
  "x-client-dn",
  "x-client-verify",
  "x-anonymous-consumer",
  "x-credential-identifier",
]);

/** Families of such fields, by how their names begin or end; a certificate (RFC 9440) is an identity, too. */
const FAMILIES =
  /^(?:x-switchyard|forwarded|tailscale|cf-(?:access|cert)|x-(?:original|rewrite|override|envoy-(?:original|peer)|auth-request|authenticated|authentik|pomerium|vouch|webauth|amzn-(?:oidc|mtls)|goog-(?:authenticated|iap)|ms-(?:client-principal|token)|consumer)|(?:x-)?(?:remote|ssl|tls))(?:-|$)|(?:^|-)client-?cert|(?:client|real|true|user|source|src|originating|origin|connecting|pseudo|visitor|peer|socket|remote)-?ip(?:v[46])?$|(?:forward(?:ed)?-for|(?:method|host)-override|userinfo)$/;

/** The chain that proxies extend, and that a trusted one may have begun. */
export function isForwarded(plain: string): boolean {
  return plain === "forwarded" || plain.startsWith("x-forwarded-");
}

/**
 * Whether a field, by its plain name, claims an address, a URL, a method or an identity: what a proxy
 * says and an origin behind one believes, so that no client may say it. `X-Forwarded-*` are apart.
 */
export function isClaim(plain: string): boolean {
  if (isForwarded(plain) || plain === EDGE_ADDRESS) return false;
  return CLAIMS.has(plain) || FAMILIES.test(plain);
}
