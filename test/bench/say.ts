/** Progress, apart from the tables. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);
