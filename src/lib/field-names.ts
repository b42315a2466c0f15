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

/**
 * Fields that claim an address, a URL, a method or an identity, a certificate (RFC 9440) among them,
 * by how their names begin, by a part, and by how they end. Rack and nginx make a file's place of
 * two of them (CVE-2025-61780), and CGI makes HTTP_PROXY of `Proxy` (CVE-2016-5385).
 */
const CLAIMS =
  /^(?:x-switchyard|proxy$|forwarded|tailscale|front-end-https|cf-(?:access|cert)|(?:x-)?(?:remote|ssl|tls)|x-(?:forwarded|original|rewrite|override-ur[il]|proxy-(?:url|host)|(?:http-)?(?:host|method)|proto|(?:url-)?scheme|request-uri|script-name|sendfile-type|accel-mapping|arr-ssl|waws-unencoded-url|custom-ip|nf-client|envoy-(?:original|peer|external|internal)|auth-request|authenticated|authentik|pomerium|vouch|webauth|amzn-(?:oidc|mtls)|goog-(?:authenticated|iap)|ms-(?:client-principal|token)|consumer|credential-identifier))(?:-|$)|(?:^|-)client-?(?:cert|dn|verify)|(?:client|real|true|user|source|src|originating|origin|connecting|pseudo|visitor|peer|socket|remote)-?ip(?:v[46])?$|(?:forward(?:ed)?-for|(?:method|host)-override|userinfo|destinationurl)$/;

/** The chain that proxies extend, and that a trusted one may have begun. */
export function isForwarded(plain: string): boolean {
  return plain === "forwarded" || plain.startsWith("x-forwarded-");
}

/**
 * Whether a field, by its plain name, claims an address, a URL, a method or an identity: what a proxy
 * says and an origin behind one believes, so that no client may say it. `X-Forwarded-*` are apart.
 */
export function isClaim(plain: string): boolean {
  return !isForwarded(plain) && plain !== EDGE_ADDRESS && CLAIMS.test(plain);
}
