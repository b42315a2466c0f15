/** Where the API lives. No key can take the place: a tenant id begins with a letter or a digit. */
export const BASE = "/.switchyard/v1";
