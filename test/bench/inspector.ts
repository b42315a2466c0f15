/** A worker's inspector, as far as profiles and heap sizes need it. */
export interface Inspector {
  /** Calls a method of the Chrome DevTools Protocol; rejects with the runtime's error. */
  call(method: string, parameters?: Readonly<Record<string, unknown>>): Promise<unknown>;
  close(): void;
}

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Connects to the Worker behind an inspector port, of several to the first whose id ends with `name`. */
export async function openInspector(port: number, name = ""): Promise<Inspector> {
  const listed = await fetch(`http://127.0.0.1:${port}/json`);
  const targets = (await listed.json()) as { id: string; webSocketDebuggerUrl?: string }[];
  const target = targets.find(({ id }) => id.endsWith(name));
  if (target === undefined) throw new Error("the inspector lists no worker");
  const socket = new WebSocket(
    target.webSocketDebuggerUrl ?? `ws://127.0.0.1:${port}/${target.id}`,
  );
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", reject, { once: true });
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  socket.addEventListener("message", ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id === undefined) return;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  return {
    call: async (method, parameters = {}) => {
      last += 1;
      const id = last;
      const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
      socket.send(JSON.stringify({ id, method, params: parameters }));
      const { result, error } = await answered;
      if (error !== undefined) throw new Error(`${method}: ${error.message}`);
      return result;
    },
    close: () => socket.close(),
  };
}
