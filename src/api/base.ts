/** Where the API lives, on the control Worker's own host. */
export const BASE = "/v1";
