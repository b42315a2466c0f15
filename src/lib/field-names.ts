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

const CLAIMS = new Set([
  // An address.
  "x-forwarded",
  "remote-addr",
  "x-originating-ip",
  "x-custom-ip-authorization",
  "x-proxyuser-ip",
  "x-azure-clientip",
  "x-azure-socketip",
  "x-appengine-user-ip",
  "x-nf-client-connection-ip",
  "x-envoy-external-address",
  "x-envoy-internal",
  // A host, a scheme, a path.
  "x-host",
  "x-host-override",
  "x-http-host-override",
  "x-request-uri",
  "x-script-name",
  "x-scheme",
  "x-url-scheme",
  "front-end-https",
  "x-waws-unencoded-url",
  // Rack and nginx make a file's place of these (CVE-2025-61780).
  "x-sendfile-type",
  "x-accel-mapping",
  // CGI makes HTTP_PROXY of it, which programs take for their proxy (CVE-2016-5385).
  "proxy",
  // A method.
  "x-http-method",
  // An identity, a certificate (RFC 9440) among them.
  "remote-user",
  "client-cert",
  "client-cert-chain",
  "x-client-cert",
  "x-client-dn",
  "x-client-verify",
  "x-arr-clientcert",
  "x-anonymous-consumer",
  "x-credential-identifier",
]);

/** Families of such fields, by how their names begin or end. */
const FAMILIES =
  /^(?:x-switchyard(?:-|$)|cf-access-|x-original-|x-rewrite-|x-remote-|x-envoy-(?:original|peer)-|x-auth-request-|x-authenticated-|x-webauth-|x-ssl-client-|ssl-client-|x-amzn-(?:oidc|mtls)-|x-goog-(?:authenticated|iap)-|x-ms-(?:client-principal|token-)|x-consumer-)|(?:^|-)(?:client-ip|real-ip|forwarded-for|method-override)$/;

/** The chain that proxies extend, and that a trusted one may have begun. */
export function isForwarded(plain: string): boolean {
  return plain === "forwarded" || plain.startsWith("x-forwarded-");
}

/**
 * Whether a field, by its plain name, claims an address, a URL, a method or an identity: what a proxy
 * says and an origin behind one believes, so that no client may say it. `X-Forwarded-*` are apart.
 */
export function isClaim(plain: string): boolean {
  return !isForwarded(plain) && (CLAIMS.has(plain) || FAMILIES.test(plain));
}
