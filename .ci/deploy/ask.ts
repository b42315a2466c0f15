import { createInterface } from "node:readline/promises";

import { LOCATIONS } from "../../src/config/control.ts";

const QUESTION = `Where is the hub to be made? It stays there: ${LOCATIONS.join(", ")}; empty for near whoever asks first. `;

/** Asks where the hub is made, until the answer is a place or empty; empty too where nobody answers. */
export async function askPlace(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string> {
  const terminal = createInterface({ input, output });
  try {
    output.write(QUESTION);
    for await (const line of terminal) {
      const answer = line.trim();
      if (answer === "" || LOCATIONS.some((one) => one === answer)) return answer;
      output.write(`"${answer}" is not one of them. ${QUESTION}`);
    }
    return "";
  } finally {
    terminal.close();
  }
}
