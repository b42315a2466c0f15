/** Where the API lives, on the control Worker's own host. */
export const BASE = "/v1";

/** On every request of a page of the console that changes something: no form and no link of another origin can send it. */
export const CONSOLE_HEADER = "x-switchyard-console";
