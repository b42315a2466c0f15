/** The release of all that is in this repository, as package.json has it too. */
export const RELEASE = "0.1.0";
